#include "store/issuer_store.h"

#include "store/sql.h"
#include "store/statement.h"

#define ISSUER_COLUMNS                                                                                                                     \
    "SELECT company, street, house_number, postal_code, city, country, uid, email, web, phone, iban_chf, iban_eur, reference_prefix"       \
    " FROM issuers "

namespace store {
namespace {

template <class... Args> std::optional<domain::Issuer> issuer(Session& session, const char* sql, const Args&... args)
{
    using Text = std::string;
    const auto row = select_first<Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text>(session, sql, args...);
    if (!row) return std::nullopt;
    const auto& [company, street, house_number, postal_code, city, country, uid, email, web, phone, iban_chf, iban_eur, prefix] = *row;
    return domain::Issuer{.address = {.company = company,
                              .street = street,
                              .house_number = house_number,
                              .postal_code = postal_code,
                              .city = city,
                              .country = country},
        .uid = uid,
        .email = email,
        .web = web,
        .phone = phone,
        .iban_chf = iban_chf,
        .iban_eur = iban_eur,
        .reference_prefix = prefix};
}

} // namespace

std::optional<domain::Issuer> IssuerStore::current() { return issuer(session_, ISSUER_COLUMNS "ORDER BY id DESC LIMIT 1"); }

std::optional<domain::Issuer> IssuerStore::of_document(std::int64_t invoice)
{
    return issuer(session_,
        ISSUER_COLUMNS "WHERE id = COALESCE((SELECT issuer_id FROM invoices WHERE id = ?), (SELECT MIN(id) FROM issuers))", invoice);
}

void IssuerStore::keep(const domain::Issuer& wanted, domain::Instant now)
{
    if (current() == wanted) return;
    execute(session_,
        "INSERT INTO issuers (since, company, street, house_number, postal_code, city, country, uid, email, web, phone, iban_chf,"
        " iban_eur, reference_prefix) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        to_sql(now), wanted.address.company, wanted.address.street, wanted.address.house_number, wanted.address.postal_code,
        wanted.address.city, wanted.address.country, wanted.uid, wanted.email, wanted.web, wanted.phone, wanted.iban_chf, wanted.iban_eur,
        wanted.reference_prefix);
}

std::optional<std::int64_t> IssuerStore::current_id()
{
    return std::get<0>(select_first<std::optional<std::int64_t>>(session_, "SELECT MAX(id) FROM issuers").value());
}

} // namespace store
