#pragma once
#include "bank/matching.h"
#include "domain/receivables.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fake {

/// An invoice, the only one of its member, so that credit can be told by invoice.
struct BankBill {
    std::string number{};
    domain::Currency currency{domain::Currency::chf};
    domain::Receivables account{}; ///< the invoice is its document 1
};

/// What became of one booking.
struct BankResult {
    domain::BankOutcome outcome{};
    std::int64_t detail{0};
    std::string key{}, reference{}, invoice{};
};

/// Books in memory: the rules of matching, played without a database.
class BankLedger {
public:
    void add(const std::string& reference, const std::string& number, domain::Currency currency, std::int64_t total)
    {
        BankBill bill{.number = number, .currency = currency};
        bill.account.issue(1, total);
        bills_[reference] = std::move(bill);
    }

    std::vector<BankResult> take(const domain::BankStatement& statement, const domain::BankEntry& entry)
    {
        const auto judgement = bank::judge(statement, entry, known_[statement.iban]);
        std::vector<BankResult> results;
        for (const auto& judged : judgement.bookings) {
            BankResult result{judged.outcome, judged.detail, judged.key, judged.reference, ""};
            auto* bill = this->bill(judged.reference);
            if (bill) result.invoice = bill->number;
            const auto amount = judged.detail > 0 ? entry.details[static_cast<std::size_t>(judged.detail) - 1].amount : entry.amount.minor;
            if (bill && judged.step == bank::Step::pay) result.outcome = pay(*bill, judged.reference, {amount, entry.amount.currency});
            if (judged.step == bank::Step::take_back && take_back(judged.reference, {amount, entry.amount.currency}))
                result.outcome = domain::BankOutcome::reversed;
            results.push_back(std::move(result));
        }
        return results;
    }

    BankBill* bill(const std::string& reference)
    {
        const auto found = bills_.find(reference);
        return found == bills_.end() ? nullptr : &found->second;
    }

private:
    struct Receipt {
        domain::Money amount{};
        std::int64_t settled{0};
        bool reversed{false};
    };

    domain::BankOutcome pay(BankBill& bill, const std::string& reference, domain::Money amount)
    {
        if (bill.currency != amount.currency) return domain::BankOutcome::wrong_currency;
        const auto before = bill.account.open();
        bill.account.pay(amount.minor, 1);
        const auto settled = before - bill.account.open();
        receipts_[reference].push_back({amount, settled});
        return bank::payment_outcome(amount.minor, settled, bill.account.open());
    }

    bool take_back(const std::string& reference, domain::Money amount)
    {
        auto& receipts = receipts_[reference];
        const auto latest =
            std::find_if(receipts.rbegin(), receipts.rend(), [&](const Receipt& each) { return !each.reversed && each.amount == amount; });
        if (latest == receipts.rend()) return false;
        latest->reversed = true;
        auto& account = bills_.at(reference).account;
        account.find(1)->paid -= latest->settled;
        account.find(1)->open += latest->settled;
        account.credit -= latest->amount.minor - latest->settled;
        return true;
    }

    std::map<std::string, BankBill> bills_{};
    std::map<std::string, std::vector<Receipt>> receipts_{};
    std::map<std::string, bank::Known> known_{}; ///< by account
};

} // namespace fake
