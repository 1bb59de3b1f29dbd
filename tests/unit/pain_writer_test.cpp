#include "bank/pain_writer.h"

#include <boost/test/unit_test.hpp>

namespace {

bank::Transfer refund()
{
    return {.instruction_id = "R-1",
        .end_to_end_id = "CN-2026-0007",
        .amount = {3500},
        .payee = "Beispiel Erika",
        .iban = "CH4287777000000000001",
        .text = "Gutschrift"};
}

bank::TransferOrder order(std::vector<bank::Transfer> transfers)
{
    return {.id = "REFUND-1",
        .created_at = domain::instant_from("2026-11-24T09:00:00+01:00").value(),
        .payer = "Muster Hosting AG",
        .batches = {{.id = "REFUND-1-1",
            .execute_on = domain::date_from("2026-11-25").value(),
            .iban = "CH7189999000000012345",
            .transfers = std::move(transfers)}}};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(pain_writer)

BOOST_AUTO_TEST_CASE(the_order_tells_count_and_sum)
{
    auto second = refund();
    second.amount = {7};
    const auto document = bank::pain_001(order({refund(), second}));
    BOOST_TEST(holds(document, "<NbOfTxs>2</NbOfTxs><CtrlSum>35.07</CtrlSum>"));
    BOOST_TEST(holds(document, "<InstdAmt Ccy=\"CHF\">0.07</InstdAmt>"));
    BOOST_TEST(holds(document, "<Cd>CHBCC</Cd></ClrSysId><MmbId>89999</MmbId>"));
}

BOOST_AUTO_TEST_CASE(texts_are_escaped_and_cut_between_characters)
{
    auto transfer = refund();
    std::string name;
    for (int i = 0; i < 80; ++i) name += "\xC3\xA4";
    transfer.payee = name;
    transfer.text = "A & B <C>\nD";
    const auto document = bank::pain_001(order({transfer}));
    BOOST_TEST(holds(document, "<Nm>" + name.substr(0, 140) + "</Nm>"));
    BOOST_TEST(holds(document, "<Ustrd>A &amp; B &lt;C&gt; D</Ustrd>"));
}

BOOST_AUTO_TEST_CASE(an_address_is_structured_and_empty_parts_are_left_out)
{
    auto transfer = refund();
    transfer.address = {.street = "Probestrasse", .city = "Musterstadt", .country = "CH"};
    BOOST_TEST(holds(
        bank::pain_001(order({transfer})), "<PstlAdr><StrtNm>Probestrasse</StrtNm><TwnNm>Musterstadt</TwnNm><Ctry>CH</Ctry></PstlAdr>"));
    BOOST_TEST(!holds(bank::pain_001(order({refund()})), "PstlAdr"));
}

BOOST_AUTO_TEST_CASE(an_order_that_does_not_pass_the_schema_is_not_written)
{
    auto transfer = refund();
    transfer.iban = "12";
    BOOST_CHECK_THROW(bank::pain_001(order({transfer})), std::domain_error);
    BOOST_CHECK_THROW(bank::pain_001(order({})), std::domain_error);
}

BOOST_AUTO_TEST_CASE(amounts_are_decimal)
{
    BOOST_TEST(bank::decimal({5}) == "0.05");
    BOOST_TEST(bank::decimal({123450}) == "1234.50");
    BOOST_CHECK_THROW(bank::decimal({-1}), std::domain_error);
}

BOOST_AUTO_TEST_SUITE_END()
