#include "bank/camt_reader.h"
#include "fake/bank_ledger.h"
#include "vectors/json_diff.h"
#include "vectors/kind.h"

#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

// Bank files, a folder "camt": expected.json says what becomes of each file on the books of ledger.json, alone ("cases") and
// one after the other ("scenarios").
namespace vectors {
namespace {

struct Release {
    void operator()(json_t* value) const noexcept { json_decref(value); }
};
using Json = std::unique_ptr<json_t, Release>;

std::string text_of(json_t* object, const char* name)
{
    auto* value = json_object_get(object, name);
    return json_is_string(value) ? json_string_value(value) : "";
}

domain::Currency currency_of(json_t* object)
{
    const auto currency = domain::currency_from(text_of(object, "currency"));
    if (!currency) throw std::runtime_error{"no such currency: " + text_of(object, "currency")};
    return *currency;
}

std::string content_of(const fs::path& file)
{
    std::ifstream stream{file, std::ios::binary};
    if (!stream) throw std::runtime_error{"cannot read " + file.string()};
    std::ostringstream content;
    content << stream.rdbuf();
    return content.str();
}

/// ledger.json, and what was booked on it.
struct Ledger {
    std::vector<domain::BankAccount> accounts{};
    std::vector<std::string> references{}; ///< of the invoices, in their order
    fake::BankLedger books{};
};

Ledger ledger_from(json_t* content)
{
    Ledger ledger;
    std::size_t i = 0;
    json_t* each = nullptr;
    json_array_foreach(json_object_get(content, "own_accounts"), i, each)
        ledger.accounts.push_back({text_of(each, "iban"), text_of(each, "qr_iban"), currency_of(each)});
    json_array_foreach(json_object_get(content, "invoices"), i, each)
    {
        ledger.references.push_back(text_of(each, "reference"));
        ledger.books.add(
            text_of(each, "reference"), text_of(each, "no"), currency_of(each), json_integer_value(json_object_get(each, "total")));
    }
    return ledger;
}

json_t* to_json(const domain::BankStatement& statement, const domain::BankEntry& entry, const fake::BankResult& matched)
{
    const auto* detail = matched.detail > 0 ? &entry.details[static_cast<std::size_t>(matched.detail) - 1] : nullptr;
    const auto credit = detail ? detail->credit : entry.credit;
    auto* tx = json_pack("{s:s, s:s, s:b, s:s, s:I, s:s*, s:s}", "account", statement.iban.c_str(), "dir", credit ? "CRDT" : "DBIT",
        "reversal", entry.reversal ? 1 : 0, "ccy", std::string{domain::to_text(entry.amount.currency)}.c_str(), "amount",
        static_cast<json_int_t>(detail ? detail->amount : entry.amount.minor), "ref",
        matched.reference.empty() ? nullptr : matched.reference.c_str(), "outcome", std::string{domain::to_text(matched.outcome)}.c_str());
    if (matched.reference.empty()) json_object_set_new(tx, "ref", json_null());
    if (!matched.key.empty()) json_object_set_new(tx, "key", json_string(matched.key.c_str()));
    if (!matched.invoice.empty()) json_object_set_new(tx, "invoice", json_string(matched.invoice.c_str()));
    return tx;
}

/// What a file led to: {"result", "code", "tx"}; a refused file changes nothing.
Json import(Ledger& ledger, const fs::path& file)
{
    const auto before = ledger;
    Json transactions{json_array()};
    const auto content = content_of(file);
    const auto read = bank::read_camt(bank::bytes_of(content), {}, ledger.accounts, [&](const auto& statement, const auto& entry) {
        for (const auto& matched : ledger.books.take(statement, entry))
            json_array_append_new(transactions.get(), to_json(statement, entry, matched));
    });
    if (read.fault) {
        ledger = before;
        return Json{json_pack("{s:s, s:s, s:[]}", "result", "REJECT", "code", std::string{bank::to_text(read.fault->code)}.c_str(), "tx")};
    }
    return Json{json_pack("{s:s, s:n, s:O}", "result", "ACCEPT", "code", "tx", transactions.get())};
}

Json invoices_changed(Ledger before, Ledger after)
{
    Json changed{json_object()};
    for (const auto& reference : after.references) {
        auto& was = before.books.bill(reference)->account;
        auto& is = after.books.bill(reference)->account;
        const auto& document = *is.find(1);
        if (was.open() == is.open() && was.find(1)->paid == document.paid && was.credit == is.credit) continue;
        json_object_set_new(changed.get(), after.books.bill(reference)->number.c_str(),
            json_pack("{s:I, s:I, s:I}", "paid", static_cast<json_int_t>(document.paid), "open", static_cast<json_int_t>(document.open),
                "credit", static_cast<json_int_t>(is.credit)));
    }
    return changed;
}

/// Only what the vector names is compared; how a place inside an entry is counted ("SVC#1") is not said by the rules.
void narrow(json_t* actual, json_t* expected)
{
    const char* name = nullptr;
    void* next = nullptr;
    json_t* value = nullptr;
    json_object_foreach_safe(actual, next, name, value) if (!json_object_get(expected, name)) json_object_del(actual, name);
    const auto key = text_of(expected, "key");
    const auto place = key.find('#');
    if (place == std::string::npos || text_of(actual, "key").substr(0, place + 1) != key.substr(0, place + 1)) return;
    json_object_set(actual, "key", json_object_get(expected, "key"));
}

std::vector<std::string> check_case(json_t* vector, const Ledger& fresh, const fs::path& folder)
{
    auto ledger = fresh;
    const auto got = import(ledger, folder / text_of(vector, "file"));
    auto* transactions = json_object_get(got.get(), "tx");
    for (std::size_t i = 0; i < json_array_size(transactions); ++i)
        narrow(json_array_get(transactions, i), json_array_get(json_object_get(vector, "tx"), i));
    const auto changed = invoices_changed(fresh, ledger);
    const Json actual{json_pack("{s:O, s:O, s:O, s:O}", "result", json_object_get(got.get(), "result"), "code",
        json_object_get(got.get(), "code"), "tx", transactions, "invoices_changed", changed.get())};
    const Json expected{
        json_pack("{s:O, s:O, s:O, s:O}", "result", json_object_get(vector, "result"), "code", json_object_get(vector, "code"), "tx",
            json_object_get(vector, "tx"), "invoices_changed", json_object_get(vector, "invoices_changed"))};
    return differences(expected.get(), actual.get());
}

std::vector<std::string> check_scenario(json_t* vector, const Ledger& fresh, const fs::path& folder)
{
    auto ledger = fresh;
    Json steps{json_array()};
    std::size_t i = 0;
    json_t* step = nullptr;
    json_array_foreach(json_object_get(vector, "steps"), i, step)
    {
        const auto got = import(ledger, folder / text_of(step, "file"));
        auto* outcomes = json_array();
        auto* transactions = json_object_get(got.get(), "tx");
        for (std::size_t tx = 0; tx < json_array_size(transactions); ++tx)
            json_array_append(outcomes, json_object_get(json_array_get(transactions, tx), "outcome"));
        json_array_append_new(steps.get(),
            json_pack("{s:s, s:O, s:O, s:o}", "file", text_of(step, "file").c_str(), "result", json_object_get(got.get(), "result"), "code",
                json_object_get(got.get(), "code"), "outcomes", outcomes));
    }
    const auto changed = invoices_changed(fresh, ledger);
    const Json actual{json_pack("{s:O, s:O}", "steps", steps.get(), "invoices_changed", changed.get())};
    const Json expected{json_pack(
        "{s:O, s:O}", "steps", json_object_get(vector, "steps"), "invoices_changed", json_object_get(vector, "invoices_changed"))};
    return differences(expected.get(), actual.get());
}

bool in_camt_folder(const fs::path& file) { return file.parent_path().filename() == "camt"; }

bool knows(const fs::path& file, json_t* content)
{
    if (!in_camt_folder(file)) return false;
    const bool is_expected = json_is_array(json_object_get(content, "cases")) || json_is_array(json_object_get(content, "scenarios"));
    const bool is_ledger = json_is_array(json_object_get(content, "own_accounts"));
    return is_expected || is_ledger || (file.extension() == ".xml" && fs::exists(file.parent_path() / "ledger.json"));
}

std::vector<Outcome> play(const fs::path& file, json_t* content, const fs::path&)
{
    std::vector<Outcome> outcomes;
    const auto folder = file.parent_path();
    const Json ledger_file{json_load_file((folder / "ledger.json").c_str(), 0, nullptr)};
    if (!ledger_file) return {{file.string(), {"there is no ledger.json beside it"}}};
    const auto fresh = ledger_from(ledger_file.get());
    std::size_t i = 0;
    json_t* each = nullptr;
    json_array_foreach(json_object_get(content, "cases"), i, each)
        outcomes.push_back({(folder / text_of(each, "file")).string(), check_case(each, fresh, folder)});
    json_array_foreach(json_object_get(content, "scenarios"), i, each)
        outcomes.push_back({file.string() + ": " + text_of(each, "name"), check_scenario(each, fresh, folder)});
    return outcomes;
}

} // namespace

const Kind camt{knows, play};

} // namespace vectors
