#include "store/bank_proposal_store.h"

#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <set>

namespace store {
namespace {

using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

/// Keeps those that are said of one member alone.
class Unique {
public:
    void add(const std::string& what, std::int64_t member) { members_[what].insert(member); }

    std::map<std::string, std::int64_t> of_one() const
    {
        std::map<std::string, std::int64_t> found;
        for (const auto& [what, members] : members_)
            if (members.size() == 1) found[what] = *members.begin();
        return found;
    }

private:
    std::map<std::string, std::set<std::int64_t>> members_{};
};

} // namespace

std::map<std::string, std::int64_t> BankProposalStore::members_by_iban(const Texts& ibans)
{
    Unique members;
    for_keys(ibans, [&](const auto&... keys) {
        const auto rows = select<std::string, std::int64_t>(
            session_, "SELECT DISTINCT payer_iban, member_id FROM payments WHERE payer_iban <> '' AND payer_iban IN " STORE_KEYS, keys...);
        for (const auto& [iban, member] : rows) members.add(iban, member);
    });
    return members.of_one();
}

std::map<std::string, std::int64_t> BankProposalStore::members_by_name(const Texts& names)
{
    Unique members;
    const auto take = [&](const auto& rows) {
        for (const auto& [name, member] : rows) members.add(domain::folded_name(name), member);
    };
    for_keys(names, [&](const auto&... keys) {
        using Name = std::string;
        take(select<Name, std::int64_t>(session_, "SELECT name, id FROM members WHERE name <> '' AND name IN " STORE_KEYS, keys...));
        take(select<Name, std::int64_t>(
            session_, "SELECT address_name, id FROM members WHERE address_name <> '' AND address_name IN " STORE_KEYS, keys...));
        take(select<Name, std::int64_t>(
            session_, "SELECT company, id FROM members WHERE company <> '' AND company IN " STORE_KEYS, keys...));
    });
    return members.of_one();
}

std::map<std::int64_t, std::string> BankProposalStore::usernames(const Numbers& members)
{
    std::map<std::int64_t, std::string> usernames;
    for_keys(members, [&](const auto&... keys) {
        for (const auto& [id, uid] :
            select<std::int64_t, std::string>(session_, "SELECT id, uid FROM members WHERE id IN " STORE_KEYS, keys...))
            usernames[id] = uid;
    });
    return usernames;
}

std::map<std::pair<std::int64_t, domain::Currency>, std::vector<domain::OpenInvoice>> BankProposalStore::open_of(const Numbers& members)
{
    std::map<std::pair<std::int64_t, domain::Currency>, std::vector<domain::OpenInvoice>> open;
    for_keys(members, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::string, std::string, std::string, std::int64_t>(session_,
            "SELECT r.member_id, r.currency, i.number, m.uid, r.open_minor FROM receivables r JOIN invoices i ON i.id = r.invoice_id"
            " JOIN members m ON m.id = r.member_id WHERE r.open_of IN " STORE_KEYS " ORDER BY r.invoice_id",
            keys...);
        for (const auto& [member, currency, number, username, minor] : rows)
            open[{member, money_of(0, currency).currency}].push_back({number, username, minor});
    });
    return open;
}

std::map<std::string, domain::OpenInvoice> BankProposalStore::invoices(const Texts& numbers)
{
    std::map<std::string, domain::OpenInvoice> invoices;
    for_keys(numbers, [&](const auto&... keys) {
        const auto rows = select<std::string, std::string, std::int64_t>(session_,
            "SELECT i.number, m.uid, r.open_minor FROM invoices i JOIN receivables r ON r.invoice_id = i.id"
            " JOIN members m ON m.id = i.member_id WHERE i.kind = 'invoice' AND i.number IN " STORE_KEYS,
            keys...);
        for (const auto& [number, username, minor] : rows) invoices[number] = {number, username, minor};
    });
    return invoices;
}

std::map<std::pair<std::int64_t, domain::Currency>, domain::OpenInvoice> BankProposalStore::by_open_amount(const Numbers& amounts)
{
    std::map<std::pair<std::int64_t, domain::Currency>, domain::OpenInvoice> found;
    for_keys(amounts, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::string, std::string, std::string>(session_,
            "SELECT o.open_minor, o.currency, i.number, m.uid FROM (SELECT open_minor, currency, MAX(invoice_id) AS invoice_id"
            " FROM receivables FORCE INDEX (open_receivables) WHERE open_of IS NOT NULL AND open_minor IN " STORE_KEYS
            " GROUP BY open_minor, currency HAVING COUNT(*) = 1) o JOIN invoices i ON i.id = o.invoice_id JOIN members m ON m.id = "
            "i.member_id",
            keys...);
        for (const auto& [minor, currency, number, username] : rows)
            found[{minor, money_of(0, currency).currency}] = {number, username, minor};
    });
    return found;
}

std::map<std::pair<std::string, std::int64_t>, std::string> BankProposalStore::undecided(const Numbers& amounts)
{
    std::map<std::pair<std::string, std::int64_t>, std::string> found;
    for_keys(amounts, [&](const auto&... keys) {
        const auto rows = select<std::string, std::int64_t, std::string>(session_,
            "SELECT account, amount_minor, uuid FROM bank_bookings WHERE state = 'open' AND credit AND amount_minor IN " STORE_KEYS
            " ORDER BY id",
            keys...);
        for (const auto& [account, minor, uuid] : rows) found[{account, minor}] = uuid;
    });
    return found;
}

} // namespace store
