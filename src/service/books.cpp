#include "service/books.h"

#include "domain/recognition.h"
#include "domain/refusal.h"
#include "store/audit_store.h"
#include "store/document_store.h"
#include "store/recognition_store.h"

#include <map>

namespace service {
namespace {

using domain::Date;
using domain::Day;
using std::chrono::days;

std::vector<store::NewTransaction> transactions_of(const std::vector<store::DeferredLines>& lines, Day from, Day through)
{
    std::map<std::pair<Day, domain::Currency>, std::map<std::string, std::int64_t>> earned;
    for (const auto& [currency, sku, amount, count] : lines) {
        auto before = domain::earned_through(amount, from - days{1});
        for (Day day = from; day <= through; day += days{1}) {
            const auto now = domain::earned_through(amount, day);
            if (now != before) earned[{day, currency}][sku] += count * (now - before);
            before = now;
            if (day + days{1} >= std::max(amount.days.end, amount.booked_on + days{1})) break; // all is earned
        }
    }
    std::vector<store::NewTransaction> transactions;
    for (const auto& [key, by_sku] : earned) {
        const auto& [day, currency] = key;
        auto entries = domain::recognition_entries(by_sku, currency);
        if (entries.empty()) continue;
        const auto name = "recognition:" + domain::to_text(Date{day}) + ':' + std::string{domain::to_text(currency)};
        transactions.push_back(
            {.kind = "recognition", .reference = store::uuid_of_name(name), .booked_on = day, .entries = std::move(entries)});
    }
    return transactions;
}

} // namespace

void Books::recognise(Date day)
{
    const auto known = database_.read([](store::Session& session) { return store::RecognitionStore{session}.through(); });
    if (known >= day) return;
    const auto most = static_cast<std::size_t>((Day{day} - Day{known}).count()) * domain::currency_count;
    const auto first_id = rows_.take("ledger_transaction", most); // before the transaction, which may take a while
    database_.transact([&](store::Session& session) {
        store::RecognitionStore recognition{session};
        const auto through = recognition.lock_through();
        if (through >= day) return;
        const auto transactions = transactions_of(recognition.earned_after(through), Day{through} + days{1}, day);
        if (!transactions.empty()) store::DocumentStore{session}.book(transactions, first_id, clock_.now());
        recognition.set_through(day);
    });
}

void Books::close(Date through, const std::string& actor)
{
    const auto now = clock_.now();
    if (through >= clock_.day_of(now))
        throw domain::Refusal{
            domain::Reason::day_not_over, domain::to_text(through) + " is not over; close the books up to an earlier day"};
    recognise(through);
    database_.transact([&](store::Session& session) {
        if (!store::RecognitionStore{session}.close(through, actor, now))
            throw domain::Refusal{domain::Reason::books_closed, "the books are closed that far already"};
        store::AuditStore{session}.add({.at = now, .actor = actor, .action = "books.close", .subject = domain::to_text(through)});
    });
}

std::optional<Date> Books::closed_through()
{
    return database_.read([](store::Session& session) { return store::RecognitionStore{session}.closed_through(); });
}

} // namespace service
