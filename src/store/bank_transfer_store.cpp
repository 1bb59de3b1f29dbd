#include "store/bank_transfer_store.h"

#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <array>
#include <stdexcept>

#define TRANSFER_COLUMNS                                                                                                                   \
    "SELECT id, uuid, account, currency, amount_minor, refund_id, booking_id, payee_name, payee_iban, street, house_number, postal_code,"  \
    " city, country, text, state, payout_id FROM bank_transfers "

namespace store {
namespace {

using Number = std::optional<std::int64_t>;
using Row = std::tuple<std::int64_t, std::string, std::string, std::string, std::int64_t, Number, Number, std::string, std::string,
    std::string, std::string, std::string, std::string, std::string, std::string, std::string, Number>;

constexpr std::array<std::string_view, 4> state_names{"requested", "asked", "succeeded", "failed"};

TransferState state_from(const std::string& text)
{
    for (std::size_t i = 0; i < state_names.size(); ++i)
        if (state_names[i] == text) return static_cast<TransferState>(i);
    throw std::domain_error{"no such state of a transfer"};
}

template <class... Args> std::vector<BankTransfer> transfers(Session& session, const char* sql, const Args&... args)
{
    std::vector<BankTransfer> found;
    const auto rows = [&]<class... Columns>(std::tuple<Columns...>*) { return select<Columns...>(session, sql, args...); }(
                          static_cast<Row*>(nullptr));
    for (const auto& [id, uuid, account, currency, amount, refund, booking, name, iban, street, house_number, postal_code, city, country,
             text, state, payout] : rows)
        found.push_back({.id = id,
            .uuid = uuid_of(uuid),
            .account = account,
            .amount = money_of(amount, currency),
            .refund = refund,
            .booking = booking,
            .payee_name = name,
            .payee_iban = iban,
            .street = street,
            .house_number = house_number,
            .postal_code = postal_code,
            .city = city,
            .country = country,
            .text = text,
            .state = state_from(state),
            .payout = payout});
    return found;
}

} // namespace

std::string_view to_text(TransferState state) { return state_names[static_cast<std::size_t>(state)]; }

bool BankTransferStore::add(const BankTransfer& transfer, domain::Instant now)
{
    return unless_duplicate([&] {
        execute(session_,
            "INSERT INTO bank_transfers (uuid, account, currency, amount_minor, refund_id, booking_id, payee_name, payee_iban, text,"
            " requested_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            transfer.uuid, transfer.account, domain::to_text(transfer.amount.currency), transfer.amount.minor, transfer.refund,
            transfer.booking, transfer.payee_name, transfer.payee_iban, transfer.text, to_sql(now));
    });
}

/// The refund's own text for the payee is our reference for it; where it goes is where the payment came from.
void BankTransferStore::add_refunds(domain::Instant now)
{
    execute(session_,
        "INSERT INTO bank_transfers (uuid, account, currency, amount_minor, refund_id, payee_name, payee_iban, street, house_number,"
        " postal_code, city, country, text, requested_at)"
        " SELECT r.uuid, SUBSTR(p.account, 6), r.currency, r.amount_minor, r.id, r.payee_name, r.payee_iban, m.street, m.house_number,"
        " m.postal_code, m.city, m.country, CONCAT('Refund ', r.reference), ? FROM refunds r JOIN payments p ON p.id = r.payment_id"
        " JOIN members m ON m.id = r.member_id WHERE r.means = 'bank' AND r.state = 'requested' ORDER BY r.id FOR UPDATE",
        to_sql(now));
    execute(session_,
        "UPDATE refunds r JOIN bank_transfers t ON t.refund_id = r.id SET r.state = 'asked' WHERE r.means = 'bank' AND r.state = "
        "'requested'");
}

std::vector<std::pair<std::string, domain::Currency>> BankTransferStore::to_pay()
{
    std::vector<std::pair<std::string, domain::Currency>> accounts;
    const auto rows = select<std::string, std::string>(
        session_, "SELECT DISTINCT account, currency FROM bank_transfers WHERE state = 'requested' ORDER BY account, currency");
    for (const auto& [account, currency] : rows) accounts.emplace_back(account, money_of(0, currency).currency);
    return accounts;
}

std::vector<BankTransfer> BankTransferStore::lock_to_pay(const std::string& account, domain::Currency currency, int limit)
{
    return transfers(session_, TRANSFER_COLUMNS "WHERE state = 'requested' AND account = ? AND currency = ? ORDER BY id LIMIT ? FOR UPDATE",
        account, domain::to_text(currency), limit);
}

std::unordered_map<std::string, BankTransfer> BankTransferStore::lock(const std::vector<std::string>& uuids)
{
    std::unordered_map<std::string, BankTransfer> found;
    for_keys(uuids, [&](const auto&... keys) {
        for (auto& transfer : transfers(session_, TRANSFER_COLUMNS "WHERE uuid IN " STORE_KEYS " ORDER BY id FOR UPDATE", keys...)) {
            auto uuid = transfer.uuid.text();
            found.emplace(std::move(uuid), std::move(transfer));
        }
    });
    return found;
}

void BankTransferStore::record(std::int64_t id, TransferState state, domain::Instant now)
{
    execute(session_, "UPDATE bank_transfers SET state = ?, finished_at = ? WHERE id = ?", to_text(state), to_sql(now), id);
}

void BankTransferStore::add(const BankPayout& payout, const std::vector<BankTransfer>& transfers)
{
    const auto id = insert(session_,
        "INSERT INTO bank_payouts (uuid, account, currency, transfers, amount_minor, document, created_at, created_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        payout.uuid, payout.account, domain::to_text(payout.amount.currency), payout.transfers, payout.amount.minor, payout.document,
        to_sql(payout.created_at), payout.created_by);
    std::vector<std::int64_t> ids;
    for (const auto& transfer : transfers) ids.push_back(transfer.id);
    const auto found =
        execute_bulk(session_, "UPDATE bank_transfers SET state = 'asked', payout_id = ? WHERE id = ? AND state = 'requested'",
            std::vector<std::int64_t>(ids.size(), id), ids);
    if (found != ids.size()) throw Conflict{"a transfer went into another payout meanwhile"};
}

std::optional<BankPayout> BankTransferStore::payout(const domain::Uuid& uuid)
{
    const auto row =
        select_first<std::int64_t, std::string, std::string, std::int64_t, int, std::string, std::string, std::string>(session_,
            "SELECT id, account, currency, amount_minor, transfers, document, CAST(created_at AS CHAR), created_by FROM bank_payouts"
            " WHERE uuid = ?",
            uuid);
    if (!row) return std::nullopt;
    const auto& [id, account, currency, amount, transfers, document, created_at, created_by] = *row;
    return BankPayout{id, uuid, account, money_of(amount, currency), transfers, document, instant_of(created_at), created_by};
}

std::vector<BankPayout> BankTransferStore::newest(int limit)
{
    std::vector<BankPayout> payouts;
    const auto rows = select<std::int64_t, std::string, std::string, std::string, std::int64_t, int, std::string, std::string>(session_,
        "SELECT id, uuid, account, currency, amount_minor, transfers, CAST(created_at AS CHAR), created_by FROM bank_payouts"
        " ORDER BY id DESC LIMIT ?",
        limit);
    for (const auto& [id, uuid, account, currency, amount, transfers, created_at, created_by] : rows)
        payouts.push_back({id, uuid_of(uuid), account, money_of(amount, currency), transfers, "", instant_of(created_at), created_by});
    return payouts;
}

} // namespace store

#undef TRANSFER_COLUMNS
