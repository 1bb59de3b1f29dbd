#include "fake/bank_desk.h"
#include "store/bank_work_store.h"

#include <boost/algorithm/string/replace.hpp>
#include <boost/test/unit_test.hpp>

#include <jansson.h>

#include <fstream>
#include <map>
#include <sstream>

// The camt vectors, imported into the database: each on an account and invoices of its own.
namespace {

using Json = std::unique_ptr<json_t, void (*)(json_t*)>;

const std::string folder = "tests/vectors/data/swiss/camt/";

Json load(const std::string& name)
{
    Json json{json_load_file((folder + name).c_str(), 0, nullptr), json_decref};
    if (!json) throw std::runtime_error{"cannot read " + folder + name};
    return json;
}

std::string text_of(json_t* object, const char* name)
{
    auto* value = json_object_get(object, name);
    return json_is_string(value) ? json_string_value(value) : "";
}

std::int64_t amount_of(json_t* object, const char* name) { return json_integer_value(json_object_get(object, name)); }

/// The ledger of the vectors: every invoice is the only one of a member of its own.
struct Ledger : fake::BankDesk {
    struct Bill {
        domain::MemberId member{};
        std::int64_t invoice{0};
        std::string old_reference{}, reference{};
    };
    std::map<std::string, Bill> bills{};        ///< by the number that the vectors give it
    std::map<std::string, std::string> names{}; ///< what stands in the vectors, and with us

    Ledger()
    {
        names = {{"CH7189999000000012345", iban}, {"CH7330999000000012345", qr_iban}, {"CH7389999000000067890", euros}};
        const auto ledger = load("ledger.json");
        std::size_t i = 0;
        json_t* each = nullptr;
        json_array_foreach(json_object_get(ledger.get(), "invoices"), i, each) add(each);
    }

    void add(json_t* told)
    {
        const auto currency = domain::currency_from(text_of(told, "currency")).value();
        const auto member = new_paying_member().member;
        auto order = fake::machine_order(member);
        order.status = domain::OrderStatus::active;
        order.charge = {.setup = {0, currency}, .recurring = {amount_of(told, "total"), currency}};
        fake::added(order);
        bill(member, fake::day("2026-03-02"));
        const auto invoice = fake::count("SELECT MAX(id) FROM invoices WHERE member_id = ?", fake::number(member));
        const auto old_reference = text_of(told, "reference");
        const auto reference = old_reference.starts_with("RF") ? creditor_reference_of(invoice) : reference_of(invoice);
        bills[text_of(told, "no")] = {member, invoice, old_reference, reference};
        names[old_reference] = reference;
    }

    std::string document(const std::string& name) const
    {
        std::ifstream file{folder + name};
        std::ostringstream content;
        content << file.rdbuf();
        auto text = content.str();
        for (const auto& [theirs, ours] : names) boost::replace_all(text, theirs, ours);
        return text;
    }
    std::string back(std::string text) const
    {
        for (const auto& [theirs, ours] : names) boost::replace_all(text, ours, theirs);
        return text;
    }

    /// "ACCEPT" or the code of the refusal; what became of the bookings.
    std::string take_file(const std::string& name, service::ImportedBankFile& imported)
    {
        try {
            imported = take(document(name));
            return "ACCEPT";
        } catch (const service::BankFileRefused& refusal) {
            return std::string{bank::to_text(refusal.fault().code)};
        }
    }

    std::string standing_of(const Bill& bill) const
    {
        return fake::text("SELECT CONCAT_WS(' ', r.paid_minor, r.open_minor, COALESCE(c.credit_minor, 0)) FROM receivables r"
                          " LEFT JOIN credit_balances c ON c.member_id = r.member_id AND c.currency = r.currency WHERE r.invoice_id = ?",
            bill.invoice);
    }
    void check_invoices(json_t* changed) const
    {
        for (const auto& [number, bill] : bills) {
            auto* expected = json_object_get(changed, number.c_str());
            const auto total = fake::count("SELECT total_minor FROM invoices WHERE id = ?", bill.invoice);
            const auto standing = expected ? std::to_string(amount_of(expected, "paid")) + ' ' + std::to_string(amount_of(expected, "open"))
                    + ' ' + std::to_string(amount_of(expected, "credit"))
                                           : "0 " + std::to_string(total) + " 0";
            BOOST_TEST(standing_of(bill) == standing, number);
        }
    }
    /// What the files have moved on our accounts, and what the books say of it.
    void check_books() const
    {
        for (const auto& account : {iban, euros}) {
            const auto told = fake::count(
                "SELECT CAST(COALESCE(SUM(IF(credit, amount_minor, -amount_minor)), 0) AS INT) FROM bank_bookings WHERE account = ?"
                " AND outcome NOT LIKE 'IGNORED%' AND NOT (outcome = 'WAIT_DETAILS' AND state = 'done')",
                account);
            BOOST_TEST(balance_of("bank:" + account) == told);
        }
        for (const auto& finding : bank_findings()) BOOST_ERROR(finding);
    }
};

std::string told(json_t* tx)
{
    return text_of(tx, "account") + ' ' + text_of(tx, "dir") + (json_is_true(json_object_get(tx, "reversal")) ? " reversal " : " ")
        + text_of(tx, "ccy") + ' ' + std::to_string(amount_of(tx, "amount")) + ' ' + text_of(tx, "ref") + ' ' + text_of(tx, "key") + ' '
        + text_of(tx, "outcome");
}

} // namespace

BOOST_AUTO_TEST_SUITE(bank_vectors)

BOOST_AUTO_TEST_CASE(each_file_alone_does_what_the_vectors_say)
{
    const auto vectors = load("expected.json");
    std::size_t i = 0;
    json_t* vector = nullptr;
    json_array_foreach(json_object_get(vectors.get(), "cases"), i, vector)
    {
        const auto name = text_of(vector, "file");
        BOOST_TEST_CONTEXT(name)
        {
            Ledger ledger;
            service::ImportedBankFile imported;
            const auto result = ledger.take_file(name, imported);
            BOOST_TEST(result == (text_of(vector, "result") == "ACCEPT" ? "ACCEPT" : text_of(vector, "code")));
            std::vector<std::string> expected, actual;
            std::size_t t = 0;
            json_t* tx = nullptr;
            json_array_foreach(json_object_get(vector, "tx"), t, tx) expected.push_back(told(tx));
            const auto bookings = fake::in_transaction([&](store::Session& session) {
                return store::BankWorkStore{session}.page({.file = imported.file.uuid}, std::nullopt, 100);
            });
            if (result == "ACCEPT")
                for (const auto& [booking, file, file_name, payment, username, invoice, decided_at, decided_by] : bookings)
                    actual.insert(actual.begin(),
                        ledger.back(booking.account + (booking.credit ? " CRDT" : " DBIT") + (booking.reversal ? " reversal " : " ")
                            + std::string{domain::to_text(booking.amount.currency)} + ' ' + std::to_string(booking.amount.minor) + ' '
                            + booking.reference + ' ' + (booking.key.starts_with("D:") ? booking.key.substr(2) : "") + ' '
                            + std::string{domain::to_text(booking.outcome)}));
            BOOST_TEST(actual == expected, boost::test_tools::per_element());
            ledger.check_invoices(json_object_get(vector, "invoices_changed"));
            ledger.check_books();
        }
    }
    BOOST_TEST(i >= 13u);
}

BOOST_AUTO_TEST_CASE(files_one_after_the_other_do_what_the_vectors_say)
{
    const auto vectors = load("expected.json");
    std::size_t i = 0;
    json_t* vector = nullptr;
    json_array_foreach(json_object_get(vectors.get(), "scenarios"), i, vector)
    {
        BOOST_TEST_CONTEXT(text_of(vector, "name"))
        {
            Ledger ledger;
            std::size_t s = 0;
            json_t* step = nullptr;
            json_array_foreach(json_object_get(vector, "steps"), s, step)
            {
                service::ImportedBankFile imported;
                BOOST_TEST(ledger.take_file(text_of(step, "file"), imported) == "ACCEPT");
                service::OutcomeCounts expected;
                std::size_t o = 0;
                json_t* outcome = nullptr;
                json_array_foreach(json_object_get(step, "outcomes"), o,
                    outcome)++ expected[domain::bank_outcome_from(json_string_value(outcome)).value()];
                BOOST_TEST(service::to_json(imported.outcomes) == service::to_json(expected));
                ledger.check_books();
            }
            ledger.check_invoices(json_object_get(vector, "invoices_changed"));
        }
    }
    BOOST_TEST(i >= 4u);
}

BOOST_AUTO_TEST_SUITE_END()
