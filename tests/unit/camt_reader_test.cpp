#include "bank/camt_reader.h"
#include "fake/bank_file.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

namespace {

using bank::FaultCode;

const std::vector<domain::BankAccount> own{
    {fake::bank_iban, "CH7330999000000012345", domain::Currency::chf}, {fake::euro_iban, "", domain::Currency::eur}};

struct Read {
    std::optional<bank::FileFault> fault{};
    std::vector<domain::BankStatement> statements{};
    std::vector<domain::BankEntry> entries{};

    std::string code() const { return fault ? std::string{bank::to_text(fault->code)} : "accepted"; }
};

Read read(const std::string& content, bank::XmlLimits limits = {})
{
    Read result;
    auto file =
        bank::read_camt(bank::bytes_of(content), limits, own, [&](const auto&, auto entry) { result.entries.push_back(std::move(entry)); });
    result.fault = std::move(file.fault);
    result.statements = std::move(file.statements);
    return result;
}

std::string code_of(const fake::BankFile& file) { return read(file.notification()).code(); }

const fake::BankDetail five{.key = "TX1", .amount = "5.00", .reference = "202611000000000000000000012"};
const fake::BankFile one_payment{.entries = {{.key = "SVC1", .amount = "5.00", .details = {five}}}};

fake::BankFile with_entry(fake::BankEntry entry) { return {.entries = {std::move(entry)}}; }

fake::BankFile with_details(const std::string& amount, std::vector<fake::BankDetail> details, const std::string& batch = "")
{
    return with_entry({.key = "SVC1", .amount = amount, .details = std::move(details), .batch = batch});
}

std::string sample(const std::string& name)
{
    std::ifstream stream{"tests/vectors/data/swiss/camt/" + name, std::ios::binary};
    std::ostringstream content;
    content << stream.rdbuf();
    return content.str();
}

std::string replaced(std::string text, const std::string& what, const std::string& with)
{
    const auto at = text.find(what);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, what);
    return text.replace(at, what.size(), with);
}

} // namespace

BOOST_AUTO_TEST_SUITE(camt_reader)

BOOST_AUTO_TEST_CASE(an_entry_is_read_with_all_that_matters)
{
    const auto result = read(sample("s04-batch.v08.xml"));
    BOOST_REQUIRE(!result.fault);
    BOOST_REQUIRE(result.entries.size() == 1);
    const auto& entry = result.entries[0];
    BOOST_TEST(entry.servicer_reference == "SVC0004");
    BOOST_TEST(entry.amount.minor == 23500);
    BOOST_TEST((entry.credit && entry.booked && !entry.reversal));
    BOOST_TEST(domain::to_text(entry.valued_on) == "2026-11-20");
    BOOST_REQUIRE(entry.details.size() == 3);
    BOOST_TEST(entry.details[1].amount == 3000);
    BOOST_TEST(entry.details[1].servicer_reference == "TX00012");
    BOOST_TEST(entry.details[1].end_to_end_id == "NOTPROVIDED");
    BOOST_TEST(entry.details[1].payer == "Beispiel Erika");
    BOOST_TEST(entry.details[1].references == std::vector<std::string>{"202611000000000000000000028"}, boost::test_tools::per_element());
    BOOST_TEST(result.statements.at(0).id == "NTF-S04");
}

BOOST_AUTO_TEST_CASE(version_04_has_other_paths_for_status_and_names)
{
    const auto result = read(sample("s05-batch-split.v04.xml"));
    BOOST_REQUIRE(result.entries.size() == 1);
    BOOST_TEST(result.entries[0].booked);
    BOOST_REQUIRE(result.entries[0].details.size() == 2);
    BOOST_TEST(result.entries[0].details[1].payer == "Beispiel Erika");
    BOOST_TEST(result.entries[0].details[1].amount == 5);
}

BOOST_AUTO_TEST_CASE(blanks_in_a_reference_do_not_count_and_the_same_one_twice_is_one)
{
    auto detail = five;
    detail.reference = "rf53 2026 a010 1</Ref></CdtrRefInf></Strd><Strd><CdtrRefInf><Ref>RF532026A0101";
    const auto result = read(with_details("5.00", {detail}).notification());
    BOOST_REQUIRE(!result.fault);
    BOOST_TEST(
        result.entries.at(0).details.at(0).references == std::vector<std::string>{"RF532026A0101"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_single_detail_without_an_amount_has_the_amount_and_direction_of_the_entry)
{
    const auto result = read(with_details("5.00", {{.key = "TX1"}}).notification());
    BOOST_REQUIRE(!result.fault);
    BOOST_TEST(result.entries.at(0).details.at(0).amount == 500);
    BOOST_TEST(result.entries.at(0).details.at(0).credit);
}

BOOST_AUTO_TEST_CASE(a_detail_of_the_other_direction_counts_against_the_entry)
{
    BOOST_TEST(
        code_of(with_details("5.00", {{.key = "A", .amount = "6.00"}, {.key = "B", .amount = "1.00", .direction = "DBIT"}})) == "accepted");
}

BOOST_AUTO_TEST_CASE(the_qr_iban_of_an_account_names_it_too)
{
    auto file = one_payment;
    file.iban = "CH7330999000000012345";
    const auto result = read(file.notification());
    BOOST_REQUIRE(!result.fault);
    BOOST_TEST(result.statements.at(0).iban == fake::bank_iban);
}

BOOST_AUTO_TEST_CASE(amounts_are_exact)
{
    BOOST_TEST(bank::minor_units("235.00").value() == 23500);
    BOOST_TEST(bank::minor_units("5").value() == 500);
    BOOST_TEST(bank::minor_units("+35").value() == 3500);
    BOOST_TEST(bank::minor_units("35.0").value() == 3500);
    BOOST_TEST(bank::minor_units(".5").value() == 50);
    BOOST_TEST(bank::minor_units("5.").value() == 500);
    BOOST_TEST(bank::minor_units("0.29000").value() == 29); // a binary float makes 28 of it
    BOOST_TEST(bank::minor_units("00000000000000000000000000001.13").value() == 113);
    BOOST_TEST(!bank::minor_units("5.001"));
    BOOST_TEST(bank::minor_units("100000000000000.00").value() == 10'000'000'000'000'000);
    BOOST_TEST(!bank::minor_units("100000000000000.01"));
    BOOST_TEST(!bank::minor_units("999999999999999999"));
}

BOOST_AUTO_TEST_CASE(an_unknown_account_or_another_currency_refuses_the_file)
{
    auto file = one_payment;
    file.iban = "CH4287777000000000001";
    BOOST_TEST(code_of(file) == "UNKNOWN_ACCOUNT");
    file = one_payment;
    file.currency = "EUR";
    BOOST_TEST(code_of(file) == "ACCOUNT_CURRENCY");
    BOOST_TEST(code_of(with_entry({.key = "S", .amount = "5.00", .currency = "EUR"})) == "ACCOUNT_CURRENCY");
    auto detail = five;
    detail.currency = "EUR";
    BOOST_TEST(code_of(with_details("5.00", {detail})) == "TX_CURRENCY");
}

BOOST_AUTO_TEST_CASE(an_account_without_an_iban_is_unknown)
{
    const auto id = "<IBAN>" + fake::bank_iban + "</IBAN>";
    BOOST_TEST(read(replaced(one_payment.notification(), id, "<Othr><Id>1</Id></Othr>")).code() == "UNKNOWN_ACCOUNT");
}

BOOST_AUTO_TEST_CASE(parts_of_a_rappen_refuse_the_file)
{
    BOOST_TEST(code_of(with_entry({.key = "S", .amount = "5.001"})) == "AMOUNT_PRECISION");
    BOOST_TEST(code_of(with_entry({.key = "S", .amount = "5.00000"})) == "accepted");
}

BOOST_AUTO_TEST_CASE(of_several_details_each_must_have_an_amount)
{
    BOOST_TEST(code_of(with_details("5.00", {{.key = "A", .amount = "5.00"}, {.key = "B"}})) == "AMOUNT_MISSING");
}

BOOST_AUTO_TEST_CASE(counts_must_be_right)
{
    BOOST_TEST(code_of(with_details("5.00", {five}, "<NbOfTxs>2</NbOfTxs>")) == "COUNT_MISMATCH");
    BOOST_TEST(code_of(with_details("5.00", {five}, "<NbOfTxs>1</NbOfTxs>")) == "accepted");
    BOOST_TEST(code_of(with_details("5.00", {}, "<NbOfTxs>2</NbOfTxs>")) == "accepted"); // told in another file
    auto file = one_payment;
    file.before_entries = "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>";
    BOOST_TEST(code_of(file) == "COUNT_MISMATCH");
    file.pages = "<PgNb>1</PgNb><LastPgInd>false</LastPgInd>";
    BOOST_TEST(code_of(file) == "accepted"); // of all pages together
}

BOOST_AUTO_TEST_CASE(a_batch_may_be_spread_over_several_ntrydtls)
{
    const auto second = "</NtryDtls><NtryDtls>" + fake::BankDetail{.key = "B", .amount = "2.00"}.xml();
    const auto split = [&](const std::string& batch) {
        auto file = with_details("5.00", {{.key = "A", .amount = "3.00"}}, batch).notification();
        return read(replaced(file, "</NtryDtls>", second + "</NtryDtls>")).code();
    };
    BOOST_TEST(split("<NbOfTxs>1</NbOfTxs>") == "accepted");
    BOOST_TEST(split("<NbOfTxs>2</NbOfTxs>") == "accepted");
    BOOST_TEST(split("<NbOfTxs>3</NbOfTxs>") == "COUNT_MISMATCH");
    BOOST_TEST(split("<TtlAmt Ccy=\"CHF\">3.00</TtlAmt>") == "accepted");
}

BOOST_AUTO_TEST_CASE(sums_must_be_right)
{
    BOOST_TEST(code_of(with_details("5.00", {{.key = "A", .amount = "4.99"}})) == "SUM_MISMATCH");
    BOOST_TEST(code_of(with_details("5.00", {{.key = "A", .amount = "5.00", .direction = "DBIT"}})) == "SUM_MISMATCH");
    BOOST_TEST(code_of(with_details("5.00", {five}, "<TtlAmt Ccy=\"CHF\">4.00</TtlAmt>")) == "SUM_MISMATCH");
    BOOST_TEST(code_of(with_details("5.00", {five}, "<TtlAmt Ccy=\"CHF\">5.00</TtlAmt><CdtDbtInd>DBIT</CdtDbtInd>")) == "SUM_MISMATCH");
}

BOOST_AUTO_TEST_CASE(balances_and_booked_entries_must_fit)
{
    const auto code = [](const std::string& closing, const std::string& currency = "CHF") {
        fake::BankFile file{.entries = {{.key = "A", .amount = "5.00"}, {.key = "B", .amount = "2.00", .direction = "DBIT"},
                                {.key = "C", .amount = "9.00", .status = "PDNG"}}};
        file.before_entries = fake::BankFile::balance("OPBD", "100.00") + fake::BankFile::balance("CLBD", closing, currency);
        return read(file.statement()).code();
    };
    BOOST_TEST(code("103.00") == "accepted");
    BOOST_TEST(code("112.00") == "BALANCE_MISMATCH");
    BOOST_TEST(code("103.00", "EUR") == "ACCOUNT_CURRENCY");
}

BOOST_AUTO_TEST_CASE(a_fault_tells_its_place_and_what_to_do)
{
    auto file = one_payment;
    file.entries.push_back({.key = "SVC2", .amount = "40.00", .details = {{.key = "A", .amount = "39.00"}}});
    const auto fault = read(file.notification()).fault.value();
    BOOST_TEST(fault.entry == 2);
    BOOST_TEST(bank::to_text(fault)
        == "SUM_MISMATCH in line 6, entry 2: the details add up to 39.00 CHF, the entry is 40.00 CHF. Something is missing in the file:"
           " fetch it from the bank again, else ask the bank.");
}

BOOST_AUTO_TEST_CASE(a_fault_of_form_comes_before_one_of_content)
{
    auto file = one_payment;
    file.iban = "CH4287777000000000001";
    const auto text = file.notification();
    BOOST_TEST(read(text).code() == "UNKNOWN_ACCOUNT");
    BOOST_TEST(read(replaced(text, "<BkTxCd/>", "<Nonsense/>")).code() == "XSD_INVALID");
    BOOST_TEST(read(text.substr(0, text.size() - 20)).code() == "XML_MALFORMED");
}

BOOST_AUTO_TEST_CASE(after_a_fault_no_entry_is_handed_on)
{
    auto file = one_payment;
    file.entries.insert(file.entries.begin(), fake::BankEntry{.key = "X", .amount = "0.001"});
    BOOST_TEST(read(file.notification()).entries.empty());
}

BOOST_AUTO_TEST_CASE(what_the_sink_throws_comes_out)
{
    const auto text = one_payment.notification();
    const auto refuse = [](const auto&, const auto&) { throw std::runtime_error{"the sink is full"}; };
    BOOST_CHECK_THROW(bank::read_camt(bank::bytes_of(text), {}, own, refuse), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_day_outside_the_calendar_is_refused)
{
    auto entry = one_payment.entries[0];
    entry.booked_on = "12026-11-20";
    BOOST_TEST(code_of(with_entry(entry)) == "XSD_INVALID");
    entry.booked_on = "2026-02-30";
    BOOST_TEST(code_of(with_entry(entry)) == "XSD_INVALID");
    entry.booked_on = "2026-11-20+01:00";
    BOOST_TEST(code_of(with_entry(entry)) == "accepted");
}

BOOST_AUTO_TEST_SUITE_END()
