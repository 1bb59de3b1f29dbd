#include "store/payment_method_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <soci/soci.h>

#include <map>
#include <stdexcept>

using soci::into;
using soci::use;

#define METHOD_COLUMNS                                                                                                                     \
    "SELECT uuid, type, status, default_of IS NOT NULL, gateway_id, brand, last4, exp_month, exp_year, fingerprint, country, funding,"     \
    " CAST(created_at AS CHAR) FROM payment_methods "

namespace store {
namespace {

using Text = std::optional<std::string>;
using Row = std::tuple<std::string, std::string, std::string, bool, Text, Text, Text, std::optional<int>, std::optional<int>, Text, Text,
    Text, std::string>;

domain::PaymentMethodStatus status_of(const std::string& text)
{
    using enum domain::PaymentMethodStatus;
    for (const auto status : {requested, active, refused, removed})
        if (domain::to_text(status) == text) return status;
    throw std::runtime_error{"unknown payment method status"};
}

domain::PaymentMethod method_of(const Row& row)
{
    const auto& [uuid, type, status, is_default, gateway_id, brand, last4, exp_month, exp_year, fingerprint, country, funding, created_at] =
        row;
    domain::PaymentMethod method{.uuid = uuid_of(uuid),
        .type = type == "card" ? domain::PaymentMethodType::card : domain::PaymentMethodType::invoice,
        .status = status_of(status),
        .is_default = is_default,
        .created_at = instant_of(created_at)};
    if (gateway_id)
        method.card = domain::Card{.gateway_id = *gateway_id,
            .brand = brand.value_or(""),
            .last4 = last4.value_or(""),
            .exp_month = exp_month.value_or(0),
            .exp_year = exp_year.value_or(0),
            .fingerprint = fingerprint.value_or(""),
            .country = country.value_or(""),
            .funding = funding.value_or("")};
    return method;
}

template <class... Args> std::vector<domain::PaymentMethod> select_methods(Session& session, const char* sql, const Args&... args)
{
    const auto rows = [&]<class... Columns>(std::type_identity<std::tuple<Columns...>>) {
        return select<Columns...>(session, sql, args...);
    }(std::type_identity<Row>{});
    std::vector<domain::PaymentMethod> methods;
    for (const auto& row : rows) methods.push_back(method_of(row));
    return methods;
}

std::optional<domain::PaymentMethod> first_of(std::vector<domain::PaymentMethod> methods)
{
    if (methods.empty()) return std::nullopt;
    return std::move(methods.front());
}

long long number_of(domain::MemberId member) { return static_cast<long long>(member); }

std::string card_key(domain::MemberId member, const domain::Card& card)
{
    return std::to_string(number_of(member)) + ':' + (card.fingerprint.empty() ? card.gateway_id : card.fingerprint) + ':'
        + std::to_string(card.exp_year) + '-' + std::to_string(card.exp_month);
}

} // namespace

bool PaymentMethodStore::add(domain::MemberId member, const domain::PaymentMethod& method)
{
    const auto& card = method.card;
    const bool is_active = method.status == domain::PaymentMethodStatus::active;
    const bool is_invoice = method.type == domain::PaymentMethodType::invoice;
    const auto optional = [&](const std::string domain::Card::*field) { return card ? Text{(*card).*field} : std::nullopt; };
    // The row that is there is locked for writing, as the caller will: of many at once who could read it, none could write.
    execute(session_,
        "INSERT INTO payment_methods (uuid, member_id, type, status, invoice_of, card_of, gateway_id, brand, last4, exp_month, "
        "exp_year,"
        " fingerprint, country, funding, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE id = id",
        method.uuid, number_of(member), domain::to_text(method.type), domain::to_text(method.status),
        is_invoice ? std::optional{number_of(member)} : std::nullopt, card && is_active ? Text{card_key(member, *card)} : std::nullopt,
        optional(&domain::Card::gateway_id), optional(&domain::Card::brand), optional(&domain::Card::last4),
        card ? std::optional{card->exp_month} : std::nullopt, card ? std::optional{card->exp_year} : std::nullopt,
        optional(&domain::Card::fingerprint), optional(&domain::Card::country), optional(&domain::Card::funding),
        to_sql(method.created_at));
    return select_first<int>(session_, "SELECT 1 FROM payment_methods WHERE uuid = ?", method.uuid).has_value();
}

std::vector<domain::PaymentMethod> PaymentMethodStore::of_member(domain::MemberId member)
{
    return select_methods(session_, METHOD_COLUMNS "WHERE member_id = ? AND status <> 'removed' ORDER BY id", number_of(member));
}

std::vector<NumberedMethod> PaymentMethodStore::active_of(domain::MemberId member)
{
    std::map<std::string, std::int64_t> numbers;
    for (const auto& [uuid, number] :
        select<std::string, std::int64_t>(session_, "SELECT uuid, id FROM payment_methods WHERE member_id = ?", number_of(member)))
        numbers.emplace(uuid, number);
    std::vector<NumberedMethod> active;
    for (auto& method : of_member(member)) {
        if (method.status != domain::PaymentMethodStatus::active) continue;
        const auto known = numbers.find(method.uuid.text());
        if (known != numbers.end()) active.push_back({known->second, std::move(method)}); // else it was registered between the two
    }
    return active;
}

std::optional<domain::PaymentMethod> PaymentMethodStore::by_uuid(domain::MemberId member, const domain::Uuid& uuid)
{
    return first_of(
        select_methods(session_, METHOD_COLUMNS "WHERE uuid = ? AND member_id = ? AND status <> 'removed'", uuid, number_of(member)));
}

std::optional<domain::PaymentMethod> PaymentMethodStore::lock(domain::MemberId member, const domain::Uuid& uuid)
{
    auto methods =
        select_methods(session_, METHOD_COLUMNS "WHERE member_id = ? AND status <> 'removed' ORDER BY id FOR UPDATE", number_of(member));
    for (auto& method : methods)
        if (method.uuid == uuid) return std::move(method);
    return std::nullopt;
}

std::optional<domain::PaymentMethod> PaymentMethodStore::open_invoice(domain::MemberId member)
{
    return first_of(select_methods(session_, METHOD_COLUMNS "WHERE invoice_of = ? LOCK IN SHARE MODE", number_of(member)));
}

std::optional<domain::PaymentMethod> PaymentMethodStore::same_card(domain::MemberId member, const domain::Card& card)
{
    return first_of(select_methods(session_, METHOD_COLUMNS "WHERE card_of = ? LOCK IN SHARE MODE", card_key(member, card)));
}

bool PaymentMethodStore::knows_card(domain::MemberId member, const std::string& gateway_id)
{
    return select_first<int>(
        session_, "SELECT 1 FROM payment_methods WHERE gateway_id = ? AND member_id = ?", gateway_id, number_of(member))
        .has_value();
}

std::optional<std::string> PaymentMethodStore::removed_card(const domain::Uuid& uuid)
{
    auto row = select_first<Text>(session_, "SELECT gateway_id FROM payment_methods WHERE uuid = ? AND status = 'removed'", uuid);
    return row ? std::get<0>(*row) : std::nullopt;
}

bool PaymentMethodStore::has_other_active(domain::MemberId member, const domain::Uuid& uuid)
{
    return select_first<int>(
        session_, "SELECT 1 FROM payment_methods WHERE member_id = ? AND status = 'active' AND uuid <> ? LIMIT 1", number_of(member), uuid)
        .has_value();
}

void PaymentMethodStore::make_default(domain::MemberId member, const domain::Uuid& uuid)
{
    const auto id = number_of(member);
    auto& sql = session_.sql();
    sql << "UPDATE payment_methods SET default_of = NULL WHERE default_of = :id AND uuid <> :uuid", use(id), use(uuid.text());
    sql << "UPDATE payment_methods SET default_of = :id WHERE uuid = :uuid", use(id), use(uuid.text());
}

void PaymentMethodStore::make_default_if_none(domain::MemberId member, const domain::Uuid& uuid)
{
    const auto id = number_of(member);
    // Two at once: the UNIQUE key lets one win, which is all that is wanted.
    unless_duplicate([&] {
        session_.sql() << "UPDATE payment_methods SET default_of = :id WHERE uuid = :uuid AND status = 'active'", use(id), use(uuid.text());
    });
}

void PaymentMethodStore::remove(domain::MemberId member, const domain::Uuid& uuid)
{
    const auto id = number_of(member);
    auto& sql = session_.sql();
    sql << "UPDATE payment_methods SET status = 'removed', default_of = NULL, invoice_of = NULL, card_of = NULL WHERE uuid = :uuid",
        use(uuid.text());
    std::string next;
    sql << "SELECT uuid FROM payment_methods WHERE member_id = :id AND status = 'active' ORDER BY id LIMIT 1", use(id), into(next);
    if (sql.got_data()) make_default_if_none(member, uuid_of(next));
}

void PaymentMethodStore::stop_charging(const domain::Uuid& uuid, const std::string& why)
{
    execute(session_, "UPDATE payment_methods SET stopped_for = ? WHERE uuid = ?", why, uuid);
}

void PaymentMethodStore::resume_charging(const domain::Uuid& uuid)
{
    execute(session_, "UPDATE payment_methods SET stopped_for = NULL WHERE uuid = ? AND stopped_for IS NOT NULL", uuid);
}

std::vector<Application> PaymentMethodStore::applications(int limit)
{
    std::vector<Application> applications;
    const auto rows = select<std::string, std::string, std::string, std::string>(session_,
        "SELECT p.uuid, CAST(p.created_at AS CHAR), m.uid, m.name FROM payment_methods p JOIN members m ON m.id = p.member_id"
        " WHERE p.status = 'requested' AND p.type = 'invoice' ORDER BY p.id LIMIT ?",
        limit);
    for (const auto& [uuid, created_at, uid, name] : rows)
        applications.push_back({{.uuid = uuid_of(uuid),
                                    .type = domain::PaymentMethodType::invoice,
                                    .status = domain::PaymentMethodStatus::requested,
                                    .created_at = instant_of(created_at)},
            uid, name});
    return applications;
}

std::optional<domain::MemberId> PaymentMethodStore::decide(
    const domain::Uuid& uuid, bool approve, const std::string& actor, domain::Instant now)
{
    const auto row = select_first<std::int64_t>(
        session_, "SELECT member_id FROM payment_methods WHERE uuid = ? AND status = 'requested' FOR UPDATE", uuid);
    if (!row) return std::nullopt;
    const auto at = to_sql(now);
    const std::string status = approve ? "active" : "refused";
    session_.sql() << "UPDATE payment_methods SET status = :status, decided_by = :actor, decided_at = :at,"
                      " invoice_of = IF(status = 'refused', NULL, invoice_of) WHERE uuid = :uuid",
        use(status), use(actor), use(at), use(uuid.text());
    return domain::MemberId{std::get<0>(*row)};
}

void PaymentMethodStore::renew_card(const domain::Card& card)
{
    execute(session_,
        "UPDATE payment_methods SET last4 = ?, exp_month = ?, exp_year = ?, stopped_for = NULL"
        " WHERE gateway_id = ? AND status = 'active' AND type = 'card'",
        card.last4, card.exp_month, card.exp_year, card.gateway_id);
}

std::optional<domain::MemberId> PaymentMethodStore::member_of_customer(const std::string& gateway_id)
{
    const auto row = select_first<std::int64_t>(session_, "SELECT member_id FROM gateway_customers WHERE gateway_id = ?", gateway_id);
    return row ? std::optional{domain::MemberId{std::get<0>(*row)}} : std::nullopt;
}

std::optional<std::string> PaymentMethodStore::gateway_customer(domain::MemberId member)
{
    const auto id = number_of(member);
    std::string gateway_id;
    session_.sql() << "SELECT gateway_id FROM gateway_customers WHERE member_id = :id", use(id), into(gateway_id);
    if (!session_.sql().got_data()) return std::nullopt;
    return gateway_id;
}

void PaymentMethodStore::add_gateway_customer(domain::MemberId member, const std::string& gateway_id)
{
    const auto id = number_of(member);
    unless_duplicate([&] {
        session_.sql() << "INSERT INTO gateway_customers (member_id, gateway_id) VALUES (:id, :gateway_id)", use(id), use(gateway_id);
    });
}

} // namespace store

#undef METHOD_COLUMNS
