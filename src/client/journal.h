#pragma once
#include "client/order_api.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace client {

/// What somebody wants to buy, kept so that a purchase can go on without being told again.
struct PurchaseWish {
    std::string plan_code{};
    std::string product{}; ///< the cart's name for its kind; empty: found out
    Term term{};
    std::int64_t quantity{1};
    std::vector<std::string> options{};
    std::map<std::string, std::string> configuration{}; ///< label → value
    std::string subsidiary{};
    CheckoutTerms terms{};
    std::optional<Amount> max_total{}; ///< with tax; in any currency if it names none

    friend bool operator==(const PurchaseWish&, const PurchaseWish&);
};

/// How far a purchase came, by what was written down.
struct PurchaseState {
    std::string id{};
    std::string endpoint_url{};
    PurchaseWish wish{};
    std::string cart{};
    bool made_cart{false};               ///< by us, for this purchase
    std::optional<Amount> shown_total{}; ///< with tax, of the dry run that was agreed to
    std::string checkout_sent_at{};      ///< RFC 3339; empty: not sent, or refused since
    bool was_sent{false};                ///< a checkout of the cart, whatever came of it
    std::optional<std::int64_t> order{};
    std::optional<Amount> order_total{};
    std::string ended{}; ///< the final status of the order, or "given up"

    /// A checkout was sent, and whether it was taken is not known.
    bool is_checkout_open() const { return !checkout_sent_at.empty() && !order; }
};

/// The file of one purchase: a JSON object a line, each on disk (fsync) before it is acted on. A line that a crash cut off
/// counts as not written. While it is open no other process can open it.
class PurchaseJournal {
public:
    /// A new file in the folder, which is made if need be. @throws Failure if it cannot be written.
    static PurchaseJournal begin(const std::string& folder, const std::string& endpoint_url, const PurchaseWish& wish);

    /// @throws Failure: not_found; conflict if another process works on it.
    static PurchaseJournal resume(const std::string& folder, const std::string& id);

    PurchaseJournal(PurchaseJournal&& other) noexcept;
    PurchaseJournal& operator=(PurchaseJournal&&) = delete;
    ~PurchaseJournal();

    const PurchaseState& state() const { return state_; }

    void note_wish(const PurchaseWish& wish); ///< answers that were given since
    void note_cart(const std::string& cart, bool made_by_us);
    void note_shown(const Amount& with_tax);
    void note_checkout_sent(); ///< before it is
    void note_checkout_not_taken(const std::string& reason);
    void note_order(std::int64_t order, const std::optional<Amount>& with_tax);
    void note_end(const std::string& how);

private:
    PurchaseJournal(int descriptor, std::string file) : descriptor_{descriptor}, file_{std::move(file)} {}
    void write(const std::string& line);

    int descriptor_;
    std::string file_;
    PurchaseState state_{};
};

/// Those that have not ended, oldest first.
std::vector<PurchaseState> unfinished_purchases(const std::string& folder);

/// $XDG_STATE_HOME/ovh-order, else ~/.local/state/ovh-order.
std::string usual_journal_folder();

} // namespace client
