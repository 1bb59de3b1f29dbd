#include "store/document_chain.h"

#include "store/sha256.h"
#include "store/statement.h"

namespace store {

std::string content_hash(const domain::Invoice& invoice) { return sha256_of(domain::canonical_text(invoice)); }

std::string chain_hash(const std::string& previous, const std::string& number, const std::string& content_hash)
{
    return sha256_of(previous + '\n' + number + '\n' + content_hash + '\n');
}

DocumentChain::DocumentChain(Session& session) : session_{session}
{
    const auto row =
        select_first<std::int64_t, std::string>(session_, "SELECT position, hash FROM document_chain WHERE id = 1 FOR UPDATE").value();
    position_ = std::get<0>(row);
    hash_ = std::get<1>(row);
}

ChainLink DocumentChain::append(const domain::Invoice& invoice, const std::string& content_hash)
{
    const int year{invoice.billed_on.year()};
    ChainLink link{.series_number = next_in_series(invoice.kind, year), .position = ++position_};
    link.number = domain::number_text(invoice.kind, year, link.series_number);
    link.chain_hash = hash_ = chain_hash(hash_, link.number, content_hash);
    return link;
}

std::int64_t DocumentChain::next_in_series(domain::InvoiceKind kind, int year)
{
    auto [last, is_new] = last_.try_emplace({kind, year}, 0);
    if (is_new) {
        const auto row = select_first<std::int64_t>(
            session_, "SELECT last FROM number_series WHERE series = ? AND year = ? FOR UPDATE", domain::series_of(kind), year);
        if (row) last->second = std::get<0>(*row);
    }
    return ++last->second;
}

void DocumentChain::save()
{
    execute(session_, "UPDATE document_chain SET position = ?, hash = ? WHERE id = 1", position_, hash_);
    for (const auto& [series, last] : last_)
        execute(session_, "INSERT INTO number_series (series, year, last) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE last = VALUES(last)",
            domain::series_of(series.first), series.second, last);
}

} // namespace store
