#include "domain/receivables.h"

#include <algorithm>

namespace domain {
namespace {

/// Takes what settles the document out of `amount`.
void settle(Receivable& document, std::int64_t& amount, std::int64_t Receivable::*how)
{
    const auto share = std::min(document.open, amount);
    document.open -= share;
    document.*how += share;
    amount -= share;
}

} // namespace

Receivable* Receivables::find(std::int64_t document)
{
    const auto found = std::ranges::lower_bound(documents, document, {}, &Receivable::document);
    return found != documents.end() && found->document == document ? &*found : nullptr;
}

std::int64_t Receivables::open() const
{
    std::int64_t sum = 0;
    for (const auto& document : documents) sum += document.open;
    return sum;
}

void Receivables::issue(std::int64_t document, std::int64_t total)
{
    documents.push_back({.document = document, .open = std::max<std::int64_t>(total, 0)});
    if (total < 0) add_credit(-total);
    else settle(documents.back(), credit, &Receivable::applied);
}

void Receivables::add_credit(std::int64_t amount)
{
    for (auto& document : documents) settle(document, amount, &Receivable::applied);
    credit += amount;
}

void Receivables::pay(std::int64_t amount, std::optional<std::int64_t> document)
{
    if (auto* named = document ? find(*document) : nullptr) settle(*named, amount, &Receivable::paid);
    for (auto& other : documents) settle(other, amount, &Receivable::paid);
    credit += amount;
}

bool Receivables::refund(std::int64_t amount)
{
    if (amount > credit) return false;
    credit -= amount;
    return true;
}

} // namespace domain
