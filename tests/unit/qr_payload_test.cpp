#include "document/qr_payload.h"

#include "document/country_codes.h"

#include <boost/test/unit_test.hpp>

namespace {

using document::QrError;
using document::QrFault;
using document::QrPayload;

QrPayload a_payload()
{
    return {.iban = "CH7330999000000012345",
        .creditor = {"Muster Hosting AG", "Beispielgasse", "12a", "8000", "Musterstadt", "CH"},
        .amount_minor = 19995,
        .currency = domain::Currency::chf,
        .debtor = document::QrAddress{"Žofie Müller", "", "", "1200", "Genève", "CH"},
        .reference_type = domain::ReferenceType::qrr,
        .reference = "202611240000000000000000425",
        .message = "Rechnung 2026-0042",
        .bill_information = {},
        .alternative_schemes = {}};
}

std::string written(const QrPayload& payload) { return std::get<std::string>(write_qr_payload(payload)); }

/// What the writer says; {E_PAYLOAD_SIZE, 99} if it does not refuse.
QrError refused(const QrPayload& payload)
{
    const auto result = write_qr_payload(payload);
    return std::holds_alternative<QrError>(result) ? std::get<QrError>(result) : QrError{QrFault::payload_size, 99};
}

QrError misread(std::string_view text)
{
    const auto result = document::read_qr_payload(text);
    return std::holds_alternative<QrError>(result) ? std::get<QrError>(result) : QrError{QrFault::payload_size, 99};
}

void replace(std::string& text, std::string_view part, std::string_view by) { text.replace(text.find(part), part.size(), by); }

} // namespace

namespace document {
std::ostream& operator<<(std::ostream& to, QrError error) { return to << to_text(error.fault) << " in line " << error.line; }
} // namespace document

BOOST_AUTO_TEST_SUITE(qr_payload)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_as_it_was)
{
    auto payload = a_payload();
    BOOST_TEST((std::get<QrPayload>(document::read_qr_payload(written(payload))) == payload));

    payload.debtor.reset();
    payload.amount_minor.reset();
    payload.alternative_schemes = {"eBill/B/1", "XY;2"};
    BOOST_TEST((std::get<QrPayload>(document::read_qr_payload(written(payload))) == payload));

    payload.bill_information = "//S1/10/1";
    BOOST_TEST((std::get<QrPayload>(document::read_qr_payload(written(payload))) == payload));
}

BOOST_AUTO_TEST_CASE(a_payload_without_bill_information_ends_with_the_trailer)
{
    const auto text = written(a_payload());
    BOOST_TEST(text.ends_with("\nEPD"));
    BOOST_TEST(std::ranges::count(text, '\n') == 30);
}

BOOST_AUTO_TEST_CASE(other_minor_versions_are_read)
{
    auto text = written(a_payload());
    replace(text, "0200", "0231");
    BOOST_TEST(std::holds_alternative<QrPayload>(document::read_qr_payload(text)));
    replace(text, "0231", "02.1");
    BOOST_TEST(misread(text) == (QrError{QrFault::version, 1}));
}

BOOST_AUTO_TEST_CASE(a_payload_is_utf8_with_one_kind_of_separator)
{
    auto text = written(a_payload());
    BOOST_TEST(misread("\xEF\xBB\xBF" + text) == (QrError{QrFault::encoding, -1}));
    BOOST_TEST(misread(text + "\xFF") == (QrError{QrFault::encoding, -1}));
    replace(text, "\n0200\n", "\r\n0200\n");
    BOOST_TEST(misread(text) == (QrError{QrFault::separator, -1}));
    replace(text, "\r\n0200\n", "\r0200\n");
    BOOST_TEST(misread(text) == (QrError{QrFault::separator, -1}));
    BOOST_TEST(misread("") == (QrError{QrFault::line_count, -1}));
}

BOOST_AUTO_TEST_CASE(a_value_cannot_break_its_line)
{
    auto payload = a_payload();
    payload.message = "two\nlines";
    BOOST_TEST(refused(payload) == (QrError{QrFault::charset, 29}));
    payload.message = "two\rlines";
    BOOST_TEST(refused(payload) == (QrError{QrFault::charset, 29}));
    payload.message = "\xC3";
    BOOST_TEST(refused(payload) == (QrError{QrFault::encoding, -1}));
}

BOOST_AUTO_TEST_CASE(amounts_are_between_a_rappen_and_a_milliard)
{
    auto payload = a_payload();
    payload.amount_minor = 99'999'999'999;
    BOOST_TEST(written(payload).find("\n999999999.99\n") != std::string::npos);
    payload.amount_minor = 100'000'000'000;
    BOOST_TEST(refused(payload) == (QrError{QrFault::amount_range, 18}));
    payload.amount_minor = -5;
    BOOST_TEST(refused(payload) == (QrError{QrFault::amount_format, 18}));
    payload.amount_minor = 0;
    BOOST_TEST(refused(payload) == (QrError{QrFault::amount_zero, 18}));
    payload.message = "DO NOT USE FOR PAYMENT";
    BOOST_TEST(written(payload).find("\n0.00\n") != std::string::npos);

    for (const auto* wrong : {"19.5", "019.95", "1 199.95", "+1.00", ".95", "1,00", "0x.00", "5"}) {
        auto text = written(a_payload());
        replace(text, "\n199.95\n", std::string{"\n"} + wrong + "\n");
        BOOST_TEST(misread(text) == (QrError{QrFault::amount_format, 18}), wrong);
    }
}

BOOST_AUTO_TEST_CASE(a_reference_suits_its_account)
{
    auto payload = a_payload();
    payload.reference_type = domain::ReferenceType::non;
    payload.reference.clear();
    BOOST_TEST(refused(payload) == (QrError{QrFault::reference_iban_mismatch, 27}));
    payload.iban = "CH7189999000000012345";
    BOOST_TEST(!written(payload).empty());
    payload.reference_type = domain::ReferenceType::scor;
    BOOST_TEST(refused(payload) == (QrError{QrFault::reference_missing, 28}));
    payload.reference = "RF00XX";
    BOOST_TEST(refused(payload) == (QrError{QrFault::reference_check, 28}));
    payload.reference = "RF18 5390 0754 7034";
    BOOST_TEST(refused(payload) == (QrError{QrFault::reference_format, 28}));
}

BOOST_AUTO_TEST_CASE(a_postal_code_stands_without_its_country)
{
    auto payload = a_payload();
    payload.debtor->postal_code = "CH-1200";
    BOOST_TEST(refused(payload) == (QrError{QrFault::postcode_prefix, 24}));
    payload.debtor->postal_code = "CH 1200";
    BOOST_TEST(refused(payload) == (QrError{QrFault::postcode_prefix, 24}));
    payload.debtor->country = "GB";
    for (const auto* right : {"SW1A 1AA", "W1 1AA", "1200", "12-345"}) {
        payload.debtor->postal_code = right;
        BOOST_TEST(!written(payload).empty(), right);
    }
    BOOST_TEST(document::without_country("D-78266", "DE") == "78266");
    BOOST_TEST(document::without_country("LV-1010", "LV") == "1010");
    BOOST_TEST(document::without_country("VLT 1117", "MT") == "VLT 1117");
}

BOOST_AUTO_TEST_CASE(countries_are_those_of_iso_3166)
{
    auto payload = a_payload();
    for (const auto* wrong : {"UK", "EL", "ch", "QQ", "H "}) {
        payload.debtor->country = wrong;
        BOOST_TEST(refused(payload) == (QrError{QrFault::country, 26}), wrong);
    }
    payload.debtor->country = "";
    BOOST_TEST(refused(payload) == (QrError{QrFault::missing, 26}));
    payload.debtor->country = "XK";
    BOOST_TEST(!written(payload).empty());
}

BOOST_AUTO_TEST_CASE(lengths_count_characters_but_the_code_counts_bytes)
{
    auto payload = a_payload();
    const auto many = [](int count, std::string_view character) {
        std::string text;
        while (count-- > 0) text += character;
        return text;
    };
    payload.creditor = {many(70, "ž"), many(70, "ž"), many(16, "ž"), "8000", many(35, "ž"), "CH"};
    BOOST_TEST(!written(payload).empty());
    payload.debtor = payload.creditor;
    payload.message = many(140, "€");
    BOOST_TEST(refused(payload) == (QrError{QrFault::payload_size, -1}));
    payload.message = many(141, "€");
    BOOST_TEST(refused(payload) == (QrError{QrFault::too_long, 29}));
}

BOOST_AUTO_TEST_CASE(bill_information_names_its_syntax)
{
    auto payload = a_payload();
    for (const auto* wrong : {"S1/10/1", "//S", "// S1/", "/S1/"}) {
        payload.bill_information = wrong;
        BOOST_TEST(refused(payload) == (QrError{QrFault::bill_information_syntax, 31}), wrong);
    }
}

BOOST_AUTO_TEST_SUITE_END()
