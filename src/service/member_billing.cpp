#include "service/member_billing.h"

#include "domain/refusal.h"
#include "gateway/random_uuid.h"

#include <algorithm>
#include <stdexcept>

namespace service {
namespace {

using domain::Day;
using std::chrono::days;

std::string machine_text(const domain::Parameters& parameters)
{
    const int ram_mb = parameters.ram_mb.value_or(0);
    const std::string ram = std::to_string(ram_mb / 1024) + (ram_mb % 1024 != 0 ? ".5" : "");
    return std::to_string(*parameters.cores) + (*parameters.cores == 1 ? " core, " : " cores, ") + ram + " GB RAM, "
        + std::to_string(parameters.os_disk_gb.value_or(0)) + " GB SSD";
}

} // namespace

MemberBilling::MemberBilling(
    const store::BillableMember& member, BillingTerms& terms, const BillingDays& days, const domain::InvoiceTax& tax)
    : member_{member}, terms_{terms}, days_{days}, regimes_{tax}, from_{days.run_on}
{
    for (const auto& order : member.orders) from_ = std::min(from_, order.next_due_on);
    for (const auto& order : member.orders) add_order(order);
    versions_.resize(member.orders.size());
}

void MemberBilling::add_order(const store::BillableOrder& order)
{
    const auto& decision = regimes_.front().decision;
    const auto& item = terms_.item(order.sku, order.interval, order.includes_vat, decision);
    const bool depends_on_others = !item.free_while.empty();
    const bool active = order.next_due_on <= days_.run_on || depends_on_others;

    domain::Subscription subscription{.start = order.started_on, .trial_end = order.started_on};
    auto& version = subscription.versions.emplace_back(domain::Version{.from = order.started_on,
        .item = &item,
        .anchor = order.started_on,
        .once_minor = terms_.reckon(order.setup_minor, order.sku, order.includes_vat, order.started_on, decision).minor,
        .charges_once = true,
        .once_billed = order.setup_billed});
    set_price(version, order, order.recurring_minor); // of the latest version; prepare_news() puts the first one here
    const auto index = account_.add(std::move(subscription));
    const auto looked_at_from = depends_on_others ? from_ : order.next_due_on;
    if (order.open_from) account_.open_from[index] = std::min(*order.open_from, looked_at_from);
    account_.passive.push_back(true); // bill_currency() wakes those of its currency
    active_.push_back(active);

    if (order.changes > 0) changed_orders_.push_back(order.id);
    if (active && order.billed_through && *order.billed_through > account_.open_from[index]) {
        orders_with_lines_.push_back(order.id);
        lines_past_ = std::min(lines_past_, account_.open_from[index]);
    }
}

/// The net price stays what it was when the version began, whatever becomes of the Swiss rate.
void MemberBilling::set_price(domain::Version& version, const store::BillableOrder& order, std::int64_t list_minor)
{
    const auto price = terms_.reckon(list_minor, order.sku, order.includes_vat, version.from, regimes_.front().decision);
    version.unit_minor = price.minor;
    version.alike_minor = price.alike_minor;
}

int MemberBilling::regime_of(const std::optional<domain::InvoiceTax>& tax)
{
    const auto wanted = tax.value_or(domain::InvoiceTax{});
    auto known = std::ranges::find_if(regimes_, [&](const domain::InvoiceTax& regime) { return domain::same_regime(regime, wanted); });
    if (known == regimes_.end()) known = regimes_.insert(regimes_.end(), wanted);
    return static_cast<int>(known - regimes_.begin());
}

std::size_t MemberBilling::index_of(std::int64_t order) const
{
    const auto found = std::ranges::lower_bound(member_.orders, order, {}, &store::BillableOrder::id);
    return static_cast<std::size_t>(found - member_.orders.begin());
}

void MemberBilling::add_version(std::int64_t order, const store::EarlierVersion& version) { versions_[index_of(order)].push_back(version); }

void MemberBilling::add_line(const store::IssuedLine& line)
{
    const auto index = index_of(line.order);
    auto& turn = turns_[{line.order, line.charge.kind, line.charge.days.start}];
    turn = std::max(turn, line.turn + 1);
    if (!line.credits) {
        auto charge = line.charge;
        charge.subscription = index;
        charge.live = {charge.days};
        charge.regime = regime_of(line.tax);
        account_.charges.push_back(std::move(charge));
        return;
    }
    const auto charge = std::ranges::find(account_.charges, *line.credits, &domain::BilledCharge::ref);
    if (charge == account_.charges.end()) return; // of days that are settled
    charge->credited -= line.charge.amount;       // which is negative
    if (line.charge.kind == domain::LineKind::credit) charge->take_out(line.charge.days);
}

/// Versions and ends become known on their days, in order, so that a late run bills as daily ones would have.
void MemberBilling::prepare_news()
{
    for (std::size_t i = 0; i < member_.orders.size(); ++i) {
        const auto& order = member_.orders[i];
        auto& first = account_.subscriptions[i].versions.front();
        const auto& earlier = versions_[i];
        if (order.started_on > from_) {
            account_.subscriptions[i].known = false;
            news_.push_back({.on = order.started_on, .index = i});
        }
        if (!earlier.empty()) set_price(first, order, earlier.front().recurring_minor);
        for (std::size_t k = 0; k < earlier.size(); ++k) {
            auto version = first;
            version.from = earlier[k].until;
            set_price(version, order, k + 1 < earlier.size() ? earlier[k + 1].recurring_minor : order.recurring_minor);
            version.charges_once = false;
            version.label = static_cast<std::int64_t>(k) + 1;
            news_.push_back({version.from, i, domain::BeginVersion{version}, version.from < order.next_due_on});
        }
        if (order.ends_on) {
            const auto known_on = order.end_known_on.value_or(*order.ends_on);
            news_.push_back({known_on, i, domain::SetEnd{std::max(*order.ends_on, order.started_on)}, known_on < order.next_due_on});
        }
    }
    std::ranges::stable_sort(news_, {}, &News::on);
}

Day MemberBilling::learn(domain::BillingAccount& account, Day day)
{
    for (; next_news_ < news_.size() && news_[next_news_].on <= day; ++next_news_) {
        const auto& news = news_[next_news_];
        if (news.amendment) domain::amend(account.subscriptions[news.index], *news.amendment);
        else account.subscriptions[news.index].known = true;
        if (news.is_seen) continue;
        for (std::size_t i = 0; i < account.subscriptions.size(); ++i) {
            const bool depends = !account.subscriptions[i].versions.front().item->free_while.empty();
            if ((i == news.index && news.amendment) || depends) account.open_from[i] = std::min(account.open_from[i], day);
        }
    }
    return next_news_ < news_.size() ? news_[next_news_].on : domain::never;
}

void MemberBilling::bill(std::size_t place)
{
    prepare_news();
    std::set<domain::Currency> currencies;
    for (const auto& order : member_.orders) currencies.insert(order.currency);
    if (currencies.size() == 1) return bill_currency(account_, *currencies.begin(), place);
    const auto start = account_;
    account_.charges.clear();
    for (const auto currency : currencies) {
        auto part = start;
        bill_currency(part, currency, place);
        take_over(part, currency);
    }
}

void MemberBilling::take_over(const domain::BillingAccount& part, domain::Currency currency)
{
    const auto is_of_it = [&](std::size_t index) { return member_.orders[index].currency == currency; };
    for (std::size_t i = 0; i < member_.orders.size(); ++i) {
        if (!is_of_it(i)) continue;
        account_.subscriptions[i] = part.subscriptions[i];
        account_.open_from[i] = part.open_from[i];
    }
    for (const auto& charge : part.charges)
        if (is_of_it(charge.subscription)) account_.charges.push_back(charge);
}

/// Orders in other currencies give their tags and are billed on documents of their own.
void MemberBilling::bill_currency(domain::BillingAccount& account, domain::Currency currency, std::size_t& place)
{
    for (std::size_t i = 0; i < member_.orders.size(); ++i) account.passive[i] = !active_[i] || member_.orders[i].currency != currency;
    if (std::ranges::find(account.passive, false) == account.passive.end()) return;

    next_news_ = 0;
    const auto first = fresh_document + static_cast<std::int64_t>(place);
    const auto drafts = domain::apart_by_regime(domain::bill_days(account, from_, days_.run_on, first,
                                                    [this](domain::BillingAccount& learning, Day day) { return learn(learning, day); }),
        first);
    for (const auto& draft : drafts) documents_.push_back(document_of(draft, currency));
    place += drafts.size();
}

store::NewDocument MemberBilling::document_of(const domain::Draft& draft, domain::Currency currency)
{
    const auto totals = domain::totals_of(draft.lines);
    domain::Invoice invoice{.id = draft.document,
        .uuid = gateway::random_uuid(),
        .member = member_.id,
        .kind = totals.gross < 0 ? domain::InvoiceKind::credit_note : domain::InvoiceKind::invoice,
        .currency = currency,
        .billed_on = draft.billed_on,
        .issued_on = days_.run_on,
        .due_on = days_.run_on + days{member_.payment_days.value_or(days_.payment_days)},
        .booked_on = std::max(draft.billed_on, days_.first_open_day),
        .recipient = member_.recipient,
        .tax = regimes_[static_cast<std::size_t>(draft.lines.front().regime)]};
    for (const auto& line : draft.lines) invoice.lines.push_back(line_of(line, currency));
    return {.invoice = std::move(invoice), .username = member_.uid};
}

domain::InvoiceLine MemberBilling::line_of(const domain::DraftLine& line, domain::Currency currency)
{
    const auto& order = member_.orders[line.subscription];
    const bool is_period = line.days.start < line.days.end;
    return {.order = domain::OrderId{order.id},
        .kind = line.kind,
        .sku = line.sku,
        .text = text_of(line),
        .period_start = line.days.start,
        .period_end = is_period ? std::optional<domain::Date>{line.days.end} : std::nullopt,
        .quantity = line.quantity,
        .unit = {line.unit_minor, currency},
        .net = {line.net, currency},
        .rate = line.rate,
        .vat = {line.vat, currency},
        .gross = {line.gross, currency},
        .whole = line.whole,
        .includes_vat = line.includes_vat,
        .turn = next_turn(order.id, line.kind, line.days.start),
        .credits = line.credits};
}

std::string MemberBilling::text_of(const domain::DraftLine& line) const
{
    const auto& order = member_.orders[line.subscription];
    const auto& name = terms_.name(line.sku);
    if (line.kind == domain::LineKind::setup) return order.detail.empty() ? name + ", setup" : name + ", setup of " + order.detail;
    if (!order.detail.empty()) return name + ", " + order.detail;
    const auto& earlier = versions_[line.subscription];
    const auto version = static_cast<std::size_t>(line.label);
    const auto& parameters = version < earlier.size() ? earlier[version].parameters : order.parameters;
    if (!parameters.cores) return parameters.os_disk_gb ? name + ", " + std::to_string(*parameters.os_disk_gb) + " GiB" : name;
    return name + ", " + machine_text(parameters);
}

int MemberBilling::next_turn(std::int64_t order, domain::LineKind kind, Day start) { return turns_[{order, kind, start}]++; }

bool MemberBilling::needs_open_documents() const
{
    return std::ranges::any_of(
        documents_, [](const store::NewDocument& document) { return document.invoice.kind == domain::InvoiceKind::credit_note; });
}

void MemberBilling::settle(const std::vector<std::pair<domain::Currency, domain::Receivable>>& open)
{
    std::set<domain::Currency> currencies;
    for (const auto& document : documents_) currencies.insert(document.invoice.currency);
    for (const auto currency : currencies) {
        domain::Receivables account;
        for (const auto& [of, receivable] : open)
            if (of == currency) account.documents.push_back(receivable);
        const auto known = account.documents;
        const auto credit = member_.credit.contains(currency) ? member_.credit.at(currency) : 0;
        account.credit = credit;
        for (auto& document : documents_) {
            if (document.invoice.currency != currency) continue;
            const auto before = account.credit;
            account.issue(document.invoice.id, domain::totals_of(document.invoice.lines, currency).gross.minor);
            document.credit_used = std::max<std::int64_t>(before - account.credit, 0);
            document.credit_gained = std::max<std::int64_t>(account.credit - before, 0);
        }
        for (const auto& receivable : known)
            if (const auto left = account.find(receivable.document)->open; left != receivable.open)
                applied_.push_back({receivable.document, receivable.open - left});
        for (auto& document : documents_)
            if (document.invoice.currency == currency) document.open = account.find(document.invoice.id)->open;
        if (account.credit != credit) credit_changes_.push_back({member_.id, currency, credit, account.credit});
    }
}

std::vector<store::OrderMark> MemberBilling::marks() const
{
    std::vector<store::OrderMark> marks;
    for (std::size_t i = 0; i < member_.orders.size(); ++i) {
        if (!active_[i]) continue;
        const auto& order = member_.orders[i];
        const auto& subscription = account_.subscriptions[i];
        const auto next = domain::next_due(account_, i, days_.run_on);
        const bool is_over = subscription.one_time() || (subscription.end && *subscription.end <= days_.run_on);
        store::OrderMark mark{.order = order.id,
            .version = order.version,
            .billing_turn = order.billing_turn,
            .next_due_on = next,
            .open_from = account_.open_from[i],
            .billed_through = domain::ever_billed_through(account_, i),
            .setup_billed = subscription.versions.front().once_billed};
        if (next == domain::never && is_over) mark.next_due_on.reset();
        if (order.billed_through) // not all of its lines were read
            mark.billed_through = std::max(mark.billed_through.value_or(*order.billed_through), *order.billed_through);
        marks.push_back(mark);
    }
    return marks;
}

} // namespace service
