#pragma once
#include "gateway/vat_register.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace fake {

/// A register of VAT ids whose answers a case chooses; of ids that nobody chose an answer for it says that it is down.
class FakeVatRegister : public gateway::VatRegister {
public:
    domain::RegisterReply check(const std::string& vat_id) override
    {
        std::function<void()> meanwhile;
        domain::RegisterReply reply{.code = "MS_UNAVAILABLE"};
        {
            const std::lock_guard lock{mutex_};
            ++calls_[vat_id];
            if (const auto chosen = replies_.find(vat_id); chosen != replies_.end()) reply = chosen->second;
            std::swap(meanwhile, meanwhile_[vat_id]);
        }
        if (meanwhile) meanwhile();
        return reply;
    }
    std::string requester() const override { return "DE123456788"; }

    void says(const std::string& vat_id, domain::RegisterAnswer answer)
    {
        const std::lock_guard lock{mutex_};
        replies_[vat_id] = {.answer = answer, .consultation = "WAPI" + vat_id};
    }
    void is_down_for(const std::string& vat_id)
    {
        const std::lock_guard lock{mutex_};
        replies_.erase(vat_id);
    }
    /// Done once, while the id is asked for.
    void meanwhile(const std::string& vat_id, std::function<void()> work)
    {
        const std::lock_guard lock{mutex_};
        meanwhile_[vat_id] = std::move(work);
    }
    int calls(const std::string& vat_id) const
    {
        const std::lock_guard lock{mutex_};
        const auto found = calls_.find(vat_id);
        return found == calls_.end() ? 0 : found->second;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, domain::RegisterReply> replies_;
    std::map<std::string, std::function<void()>> meanwhile_;
    std::map<std::string, int> calls_;
};

} // namespace fake
