#include "store/recognition_store.h"

#include "store/sha256.h"
#include "store/sql.h"
#include "store/statement.h"

namespace store {

domain::Date RecognitionStore::through()
{
    const auto row = select_first<std::string>(session_, "SELECT CAST(through AS CHAR) FROM recognition WHERE id = 1");
    return date_of(std::get<0>(row.value()));
}

domain::Date RecognitionStore::lock_through()
{
    const auto row = select_first<std::string>(session_, "SELECT CAST(through AS CHAR) FROM recognition WHERE id = 1 FOR UPDATE");
    return date_of(std::get<0>(row.value()));
}

void RecognitionStore::set_through(domain::Date day) { execute(session_, "UPDATE recognition SET through = ? WHERE id = 1", to_sql(day)); }

std::vector<DeferredLines> RecognitionStore::earned_after(domain::Date day)
{
    std::vector<DeferredLines> lines;
    const auto rows =
        select<std::string, std::string, std::int64_t, std::string, std::optional<std::string>, std::string, std::int64_t>(session_,
            "SELECT i.currency, l.sku, l.net_minor, CAST(l.period_start AS CHAR), CAST(l.period_end AS CHAR), CAST(l.earned_from AS CHAR),"
            " COUNT(*) FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id"
            " WHERE l.earned_until > ? AND i.status = 'issued'"
            " GROUP BY i.currency, l.sku, l.net_minor, l.period_start, l.period_end, l.earned_from",
            to_sql(domain::Date{domain::Day{day} + std::chrono::days{1}}));
    lines.reserve(rows.size());
    for (const auto& [currency, sku, net, start, end, booked_on, count] : rows) {
        DeferredLines group{.currency = money_of(0, currency).currency, .sku = sku, .amount = {.net = net}, .count = count};
        group.amount.days = {date_of(start), date_of(end.value_or(start))};
        group.amount.booked_on = date_of(booked_on);
        lines.push_back(std::move(group));
    }
    return lines;
}

bool RecognitionStore::close(domain::Date through, const std::string& by, domain::Instant now)
{
    const auto closed = closed_through();
    if (closed && *closed >= through) return false;
    return unless_duplicate([&] {
        execute(
            session_, "INSERT INTO closed_books (closed_through, closed_at, closed_by) VALUES (?, ?, ?)", to_sql(through), to_sql(now), by);
    });
}

std::optional<domain::Date> RecognitionStore::closed_through()
{
    const auto row = select_first<std::optional<std::string>>(session_, "SELECT CAST(MAX(closed_through) AS CHAR) FROM closed_books");
    if (!row || !std::get<0>(*row)) return std::nullopt;
    return date_of(*std::get<0>(*row));
}

domain::Uuid uuid_of_name(const std::string& name)
{
    auto hex = sha256_of(name).substr(0, 32);
    hex[12] = '8';
    hex[16] = 'a'; // MariaDB 10.11 refuses some that begin with 80 here
    for (const std::size_t hyphen : {8U, 13U, 18U, 23U}) hex.insert(hyphen, 1, '-');
    return *domain::Uuid::parse(hex);
}

} // namespace store
