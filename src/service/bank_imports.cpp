#include "service/bank_imports.h"

#include "bank/camt_reader.h"
#include "domain/clean_text.h"
#include "domain/hex.h"
#include "gateway/random_uuid.h"
#include "logging/log.h"
#include "store/audit_store.h"
#include "store/document_store.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

namespace service {
namespace {

constexpr std::size_t bookings_at_a_time = 2000;

/// A source that is counted and hashed on its way.
class Measured {
public:
    explicit Measured(bank::ByteSource source) : source_{std::move(source)}, digest_{EVP_MD_CTX_new(), &EVP_MD_CTX_free}
    {
        if (!digest_ || EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr) != 1) throw std::runtime_error{"no SHA-256"};
    }

    std::size_t read(std::span<char> buffer)
    {
        const auto got = source_(buffer);
        EVP_DigestUpdate(digest_.get(), buffer.data(), got);
        bytes_ += static_cast<std::int64_t>(got);
        return got;
    }

    std::int64_t bytes() const { return bytes_; }

    std::string sha256()
    {
        std::array<std::uint8_t, 32> digest{};
        EVP_DigestFinal_ex(digest_.get(), digest.data(), nullptr);
        return domain::to_hex(digest);
    }

private:
    bank::ByteSource source_;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest_;
    std::int64_t bytes_{0};
};

std::int64_t sum_of(const OutcomeCounts& outcomes)
{
    std::int64_t sum = 0;
    for (const auto& [outcome, count] : outcomes) sum += count;
    return sum;
}

} // namespace

ImportedBankFile BankImports::import(store::Session& session, const BankFile& file, const std::string& actor)
{
    store::LedgerWriter books{session, database_};
    store::BankImportStore store{session};
    ImportedBankFile imported{.file = {.id = books.take("bank_file", 1),
                                  .uuid = gateway::random_uuid(),
                                  .name = domain::clean_text(file.name, 255),
                                  .imported_at = clock_.now(),
                                  .imported_by = actor}};
    auto& record = imported.file;
    store.begin(record);
    auto prefixes = store.reference_prefixes();
    if (std::ranges::find(prefixes, rules_.reference_prefix) == prefixes.end()) prefixes.push_back(rules_.reference_prefix);
    const auto new_batch = [&] { return std::make_unique<BankBatch>(BankBatch::Parts{books, clock_, transfers_, prefixes, record.id}); };
    auto batch = new_batch();
    const auto book = [&] {
        record.new_bookings += static_cast<std::int64_t>(batch->book(imported.outcomes));
        batch = new_batch();
    };
    Measured source{file.open()};
    const auto read = bank::read_camt([&](std::span<char> buffer) { return source.read(buffer); }, rules_.limits, rules_.accounts,
        [&](const domain::BankStatement& statement, domain::BankEntry entry) {
            batch->add(statement, std::move(entry), ++record.entries);
            if (batch->size() >= bookings_at_a_time) book();
        });
    if (read.fault) throw BankFileRefused{*read.fault};
    book();
    books.finish();
    record.sha256 = source.sha256();
    record.bytes = source.bytes();
    record.bookings = sum_of(imported.outcomes);
    record.outcomes = to_json(imported.outcomes);
    store.finish(record);
    store::AuditStore{session}.add({.at = clock_.now(),
        .actor = actor,
        .action = "bank.import",
        .subject = record.uuid.text(),
        .detail = domain::clean_text(record.name, 200) + ": " + std::to_string(record.new_bookings) + " new bookings of "
            + std::to_string(record.bookings)});
    return imported;
}

ImportedBankFile BankImports::import(const BankFile& file, const std::string& actor, std::chrono::seconds patience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
        try {
            return database_.transact([&](store::Session& session) { return import(session, file, actor); });
        } catch (const BankFileRefused& refusal) {
            note_refused(file, refusal, actor);
            throw;
        } catch (const store::Conflict&) {
            if (std::chrono::steady_clock::now() >= deadline) throw domain::Unavailable{"database_busy"};
        } catch (const domain::Unavailable& missing) {
            if (std::string_view{missing.what()} != "database_busy" || std::chrono::steady_clock::now() >= deadline) throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
}

void BankImports::note_refused(const BankFile& file, const BankFileRefused& refusal, const std::string& actor)
{
    const auto name = domain::clean_text(file.name, 100);
    logging::event("warning", "bank_file_refused", {{"file", name}, {"actor", actor}, {"why", refusal.what()}});
    database_.transact([&](store::Session& session) {
        store::AuditStore{session}.add({.at = clock_.now(),
            .actor = actor,
            .action = "bank.file_refused",
            .subject = std::string{bank::to_text(refusal.fault().code)},
            .detail = domain::clean_text(name + ": " + refusal.what(), 500)});
    });
}

std::string to_json(const OutcomeCounts& outcomes)
{
    std::string text;
    for (const auto& [outcome, count] : outcomes) {
        text += text.empty() ? "{\"" : ",\"";
        text.append(domain::to_text(outcome)).append("\":").append(std::to_string(count));
    }
    return text.empty() ? "{}" : text + "}";
}

} // namespace service
