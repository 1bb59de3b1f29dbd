#include "service/verification.h"

#include "domain/ledger.h"
#include "domain/proration.h"
#include "store/document_chain.h"
#include "store/recognition_store.h"

#include <algorithm>

namespace service {
namespace {

constexpr int documents_at_a_time = 1000;
constexpr int orders_at_a_time = 2000;
constexpr domain::Date before_everything{std::chrono::year{1970}, std::chrono::January, std::chrono::day{1}};

std::string day_text(domain::Day day) { return domain::to_text(domain::Date{day}); }

/// The days of a charge that its credits have left.
struct LiveDays {
    const store::OrderLine* charge{nullptr};
    std::vector<domain::Period> days{};
    std::int64_t credited{0};
};

} // namespace

VerificationReport Verification::verify()
{
    report_ = {};
    database_.read([&](store::Session& session) {
        verify_documents(session);
        verify_orders(session);
        verify_accounts(session);
        for (auto& finding : store::VerificationStore{session}.disagreements()) found(std::move(finding));
    });
    return std::move(report_);
}

void Verification::verify_documents(store::Session& session)
{
    store::VerificationStore store{session};
    position_ = 0;
    hash_ = std::string(64, '0');
    while (true) {
        const auto documents = store.documents_after(position_, documents_at_a_time);
        if (documents.empty()) break;
        for (const auto& document : documents) verify_document(document);
    }
    const auto [position, hash] = store.chain_end();
    if (position != position_)
        found("chain: it ends at " + std::to_string(position_) + ", but is kept as ending at " + std::to_string(position));
    else if (hash != hash_) found("chain: its end is not the hash that is kept");
}

void Verification::verify_document(const store::StoredDocument& document)
{
    const auto& invoice = document.invoice;
    const auto name = "document " + document.number;
    ++report_.documents;
    report_.lines += static_cast<std::int64_t>(invoice.lines.size());

    if (document.position != position_ + 1)
        found("chain: " + name + " has position " + std::to_string(document.position) + ", expected " + std::to_string(position_ + 1));
    if (store::content_hash(invoice) != document.content_hash) found("chain: the content of " + name + " is not what was issued");
    if (store::chain_hash(hash_, document.number, document.content_hash) != document.chain_hash)
        found("chain: the link of " + name + " is broken");
    position_ = document.position;
    hash_ = document.chain_hash;

    if (document.number != domain::number_text(invoice.kind, document.series_year, document.series_number)
        || document.series != domain::series_of(invoice.kind))
        found("numbers: " + name + " does not carry the number of its series");
    const auto totals = domain::totals_of(invoice.lines, invoice.currency);
    if (totals.net != document.stored.net || totals.vat != document.stored.vat || totals.gross != document.stored.gross)
        found("totals: " + name + " is not the sum of its lines");
    for (const auto& line : invoice.lines)
        if (line.net.minor + line.vat.minor != line.gross.minor) found("totals: a line of " + name + " does not add up");
    if (invoice.lines.empty()) found("totals: " + name + " has no lines");
    if (!document.is_booked) found("ledger: " + name + " is not booked");
    else if (document.booked_receivable != document.stored.gross.minor) found("ledger: " + name + " is booked with another sum");
    if (!document.has_receivable) found("account: " + name + " is not on its member's account");
}

void Verification::verify_orders(store::Session& session)
{
    store::VerificationStore store{session};
    const auto last = store.last_order();
    for (std::int64_t order = 0; last && order < *last;) {
        const auto lines = store.lines_after(order, orders_at_a_time);
        for (auto first = lines.begin(); first != lines.end();) {
            const auto next = std::find_if(first, lines.end(), [&](const store::OrderLine& line) { return line.order != first->order; });
            verify_order({first, next});
            first = next;
        }
        order = store.order_after(order, orders_at_a_time);
    }
}

/// Charges come first, then what credits them.
void Verification::verify_order(const std::vector<store::OrderLine>& lines)
{
    const auto name = "order " + std::to_string(lines.front().order);
    std::vector<LiveDays> charges;
    bool was_credited = false;
    for (const auto& line : lines) {
        if (domain::is_charge(line.kind)) {
            charges.push_back({&line, {line.days}});
            if (line.kind != domain::LineKind::recurring) continue;
            const bool within = line.whole.start <= line.days.start && line.days.end <= line.whole.end && line.days.start < line.days.end;
            if (!within || domain::price_of_days(line.price, line.whole, line.days) != line.amount)
                found("periods: " + name + " is charged another price than that of the days from " + day_text(line.days.start));
            continue;
        }
        const auto charge = std::ranges::find_if(charges, [&](const LiveDays& live) { return live.charge->ref == line.credits; });
        if (charge == charges.end()) {
            found("periods: " + name + " has a credit for a charge that is not there");
            continue;
        }
        charge->credited -= line.amount;
        if (charge->credited > charge->charge->amount) found("periods: " + name + " is credited more than it was charged");
        if (line.kind != domain::LineKind::credit) continue;
        was_credited = true;
        domain::BilledCharge days{.live = charge->days};
        days.take_out(line.days);
        charge->days = days.live;
    }

    std::vector<std::pair<domain::Period, bool>> live;
    for (const auto& charge : charges)
        if (charge.charge->kind == domain::LineKind::recurring)
            for (const auto& days : charge.days) live.emplace_back(days, charge.charge->may_have_gaps);
    std::ranges::sort(live, {}, [](const auto& days) { return days.first.start; });
    for (std::size_t i = 1; i < live.size(); ++i) {
        const auto& before = live[i - 1].first;
        const auto& after = live[i].first;
        if (after.start < before.end) found("periods: " + name + " is charged twice for days from " + day_text(after.start));
        if (after.start > before.end && !was_credited && !live[i].second)
            found("periods: " + name + " is not charged from " + day_text(before.end) + " to " + day_text(after.start));
    }
}

/// What is deferred and earned per product, and owed as tax per rate, is what the lines and the day of recognition say.
void Verification::verify_accounts(store::Session& session)
{
    store::RecognitionStore recognition{session};
    const auto through = recognition.through();
    std::map<std::pair<std::string, domain::Currency>, std::int64_t> expected;
    for (const auto& [currency, sku, amount, count] : recognition.earned_after(before_everything)) {
        const auto earned = domain::earned_through(amount, through);
        expected[{domain::account::deferred_revenue(sku), currency}] -= count * (amount.net - earned);
        expected[{domain::account::revenue(sku), currency}] -= count * earned;
    }
    store::VerificationStore store{session};
    for (const auto& [country, rate, vat] : store.taxes())
        expected[{domain::account::vat_payable(rate, country), vat.currency}] -= vat.minor;
    for (const auto& [account, balance] : store.balances())
        if (account.starts_with("deferred_revenue:") || account.starts_with("revenue:") || account.starts_with("vat_payable:"))
            expected[{account, balance.currency}] -= balance.minor;
    for (const auto& [account, difference] : expected)
        if (difference != 0)
            found("accounts: " + account.first + " differs by " + domain::to_text(domain::Money{difference, account.second})
                + " from what the lines say");
}

} // namespace service
