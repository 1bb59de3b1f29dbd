#pragma once
#include "domain/billing.h"

#include <vector>

namespace domain {

/// Days with one key, all in one period of one version.
struct Part {
    Period days{};
    const Version* version{nullptr};
    Period whole{};
};

/// Bills one day of one subscription. The tax is computed when all lines of the document are known.
class DayOfSubscription {
public:
    DayOfSubscription(BillingAccount& account, std::size_t index, Day day, std::vector<DraftLine>& lines)
        : account_{account},
          index_{index},
          day_{day},
          own_{account.subscriptions[index]},
          open_from_{account.open_from[index]},
          lines_{lines}
    {
    }

    void bill()
    {
        charge_once();
        if (own_.one_time()) return;
        collect_charges();
        read_targets();
        credit();
        charge();
        account_.open_from[index_] = still_open_;
    }

private:
    void charge_once();
    void collect_charges();
    void read_targets();
    void credit();
    void credit(BilledCharge& charge);
    std::vector<Period> still_wanted(const BilledCharge& charge) const;
    void charge();
    void charge(const Part& part, Period days);
    bool is_due(const Part& part) const
    {
        return part.version->item->mode == BillingMode::advance ? part.days.start <= day_ : part.days.end <= day_;
    }

    BillingAccount& account_;
    std::size_t index_;
    Day day_;
    Subscription& own_;
    Day open_from_;
    std::vector<DraftLine>& lines_;

    std::vector<std::size_t> charges_{}; ///< with days that may be looked at, ascending by those
    std::vector<Part> parts_{};          ///< what is to be charged, from open_from_ on
    std::vector<Period> kept_{};         ///< days that stay as they are
    Day read_until_{};                   ///< all targets before it are known
    Day still_open_{};
};

} // namespace domain
