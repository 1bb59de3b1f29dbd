#include "bank.h"

#include <utility>

namespace year {

std::string money_text(std::int64_t minor)
{
    const auto cents = std::to_string(minor % 100);
    return std::to_string(minor / 100) + '.' + (cents.size() == 1 ? "0" : "") + cents;
}

fake::BankEntry Bank::entry(std::int64_t minor, const std::string& direction, fake::BankDetail detail)
{
    balance_ += direction == "CRDT" ? minor : -minor;
    const auto key = "YEAR" + std::to_string(++number_);
    detail.key = key + "-1";
    detail.amount = money_text(minor);
    detail.direction = direction;
    return {.key = key, .amount = money_text(minor), .details = {std::move(detail)}, .direction = direction};
}

void Bank::receive(std::int64_t minor, const std::string& reference, const std::string& payer, const std::string& text)
{
    entries_.push_back(entry(minor, "CRDT", {.reference = reference, .payer = payer, .payer_iban = "CH9300762011623852957", .text = text}));
}

void Bank::pay(std::int64_t minor, const std::string& end_to_end_id)
{
    entries_.push_back(entry(minor, "DBIT", {.end_to_end_id = end_to_end_id}));
}

void Bank::give_back(std::int64_t minor, const std::string& end_to_end_id)
{
    entries_.push_back(entry(minor, "CRDT", {.extra = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>", .end_to_end_id = end_to_end_id}));
}

void Bank::reverse(std::int64_t minor, const std::string& reference)
{
    auto back = entry(minor, "DBIT", {.reference = reference});
    back.reversal = true;
    entries_.push_back(std::move(back));
}

std::string Bank::statement(const std::string& day)
{
    fake::BankFile file{.entries = std::exchange(entries_, {}), .id = "YEAR-" + std::to_string(++statements_)};
    for (auto& entry : file.entries) entry.booked_on = day;
    file.before_entries = fake::BankFile::balance("OPBD", money_text(reported_)) + fake::BankFile::balance("CLBD", money_text(balance_));
    reported_ = balance_;
    return file.statement();
}

} // namespace year
