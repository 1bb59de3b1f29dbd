#pragma once
#include "fake/documents.h"
#include "store/document_store.h"

#include <algorithm>
#include <random>

namespace fake {

using domain::Currency;
using domain::InvoiceKind;
using domain::InvoiceLine;
using domain::LineKind;
using store::NewDocument;

constexpr unsigned er_constraint_failed = 4025;
constexpr unsigned er_dup_entry = 1062;
constexpr unsigned er_signal = 1644; // SQLSTATE 45000, by a trigger
constexpr unsigned er_out_of_range = 1264;

/// A billing year in which nobody has a number yet, so that a case knows its first one.
inline int new_year()
{
    std::mt19937 random{std::random_device{}()};
    while (true) {
        const int year = std::uniform_int_distribution{2100, 9900}(random);
        if (fake::count("SELECT COUNT(*) FROM number_series WHERE year = ?", year) == 0) return year;
    }
}

/// The number of MariaDB's error, 0 if the statement went through.
template <class... Args> unsigned error_of(const char* sql, const Args&... args)
{
    try {
        fake::change(sql, args...);
        return 0;
    } catch (const store::DatabaseError& error) {
        return error.code();
    }
}

/// A member whose documents are written by the store alone, in a year that nobody else uses.
struct Documents {
    domain::MemberId member = fake::new_member().member;
    int year = new_year();
    store::RowNumbers rows{fake::database()};

    domain::Date first_day() const { return std::chrono::year{year} / 3 / 2; }
    std::string number(int n, const std::string& prefix = "") const
    {
        const auto digits = std::to_string(n);
        return prefix + std::to_string(year) + '-' + std::string(6 - digits.size(), '0') + digits;
    }
    std::string first_day_text() const { return domain::to_text(first_day()); }

    InvoiceLine line(const domain::Order& order, std::int64_t gross = 3000, LineKind kind = LineKind::recurring) const
    {
        const auto vat = domain::vat_of(gross, {810}, true);
        const domain::Period whole{first_day(), domain::boundary(first_day(), {}, 1)};
        return {.order = order.id,
            .kind = kind,
            .sku = order.sku,
            .text = "IPv6 only VM",
            .period_start = first_day(),
            .period_end = whole.end,
            .unit = {gross},
            .net = {gross - vat},
            .rate = {810},
            .vat = {vat},
            .gross = {gross},
            .whole = whole};
    }
    InvoiceLine credit(const NewDocument& of) const
    {
        auto line = of.invoice.lines.front();
        line.kind = LineKind::credit;
        for (auto* amount : {&line.net, &line.vat, &line.gross}) amount->minor = -amount->minor;
        line.credits = domain::LineRef{of.invoice.id, 1};
        return line;
    }
    NewDocument document(std::vector<InvoiceLine> lines)
    {
        const auto total = domain::totals_of(lines, Currency::chf).gross.minor;
        return {.invoice = {.id = rows.take("document", 1),
                    .uuid = gateway::random_uuid(),
                    .member = member,
                    .kind = total < 0 ? InvoiceKind::credit_note : InvoiceKind::invoice,
                    .currency = Currency::chf,
                    .billed_on = first_day(),
                    .issued_on = first_day(),
                    .due_on = domain::Day{first_day()} + std::chrono::days{30},
                    .booked_on = first_day(),
                    .recipient = {.company = "Example AG", .name = "Nico", .street = "Bahnhofstrasse", .city = "Glarus", .country = "CH"},
                    .lines = std::move(lines)},
            .open = std::max<std::int64_t>(total, 0),
            .credit_gained = std::max<std::int64_t>(-total, 0)};
    }
    NewDocument document() { return document({line(fake::added(fake::machine_order(member)))}); }

    /// Issues in a transaction of its own; the numbers come back on the documents.
    void issue(std::vector<NewDocument>& documents)
    {
        const auto first = rows.take("ledger_transaction", documents.size());
        in_transaction([&](store::Session& session) { store::DocumentStore{session}.issue(documents, first, fake::monday); });
    }
    std::string issue(const NewDocument& document)
    {
        std::vector documents{document};
        issue(documents);
        return documents.front().number;
    }
    /// The number of the error with which it was refused.
    unsigned refusal_to_issue(const NewDocument& document)
    {
        try {
            issue(document);
            return 0;
        } catch (const store::DatabaseError& error) {
            return error.code();
        }
    }
    std::int64_t last_number(const char* series = "invoice") const
    {
        return fake::count(
            "SELECT COALESCE(MAX(last), 0) FROM number_series WHERE series = ? AND year = ?", std::string_view{series}, year);
    }
    std::int64_t total(const std::string& account) const
    {
        return fake::count("SELECT CAST(COALESCE(SUM(debit_minor) - SUM(credit_minor), 0) AS INT) FROM ledger_totals WHERE account = ?"
                           " AND booked_on = ?",
            account, first_day_text());
    }
};

} // namespace fake
