#include "document/invoice_pdf.h"

#include "document/invoice_payment.h"
#include "document/qr_text.h"
#include "document/swico.h"
#include "document/unprintable.h"
#include "document/utf8.h"
#include "fake/invoice_documents.h"

#include <boost/test/unit_test.hpp>
#include <thread>

// What can be told without looking at the pages; tests/document looks at them.
namespace {

using document::InvoiceDocument;
using document::QrFault;
using document::Unprintable;

const document::Fonts& fonts()
{
    static const document::Fonts loaded;
    return loaded;
}

std::string pdf(const InvoiceDocument& invoice) { return document::invoice_pdf(invoice, fonts()); }

/// The field that cannot be printed; "" if all can.
std::string refused_field(const InvoiceDocument& invoice)
{
    try {
        pdf(invoice);
    } catch (const Unprintable& refusal) {
        return refusal.field();
    }
    return "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(invoice_pdf)

BOOST_AUTO_TEST_CASE(the_same_invoice_gives_the_same_bytes)
{
    const auto first = pdf(fake::an_invoice());
    BOOST_TEST((first == document::invoice_pdf(fake::an_invoice(), document::Fonts{})));
    auto other = fake::an_invoice();
    other.number = "2026-000043";
    BOOST_TEST((first != pdf(other)));
}

BOOST_AUTO_TEST_CASE(threads_share_the_fonts)
{
    const auto alone = pdf(fake::an_invoice());
    std::vector<std::string> together(8);
    std::vector<std::thread> threads;
    for (auto& file : together)
        threads.emplace_back([&file] {
            for (int i = 0; i < 5; ++i) file = pdf(fake::an_invoice());
        });
    for (auto& thread : threads) thread.join();
    for (const auto& file : together) BOOST_TEST((file == alone));
}

BOOST_AUTO_TEST_CASE(files_are_small)
{
    BOOST_TEST(pdf(fake::an_invoice()).size() < 25'000u);
    fake::InvoiceDraw draw{1};
    for (int i = 0; i < 30; ++i) BOOST_TEST(pdf(draw.invoice()).size() < 61'440u);
}

BOOST_AUTO_TEST_CASE(fonts_come_from_the_folder_that_is_given)
{
    BOOST_CHECK_THROW(document::Fonts{"/nowhere"}, std::runtime_error);
    BOOST_CHECK_NO_THROW(document::Fonts{document::default_font_folder});
}

BOOST_AUTO_TEST_CASE(the_account_decides_on_the_kind_of_reference)
{
    auto invoice = fake::an_invoice();
    BOOST_TEST((payment_of(invoice).reference_type == domain::ReferenceType::qrr));
    invoice.payment_part = {fake::plain_iban, *domain::make_creditor_reference("20260042")};
    BOOST_TEST((payment_of(invoice).reference_type == domain::ReferenceType::scor));
    invoice.payment_part->reference.clear();
    BOOST_TEST((payment_of(invoice).reference_type == domain::ReferenceType::non));
}

BOOST_AUTO_TEST_CASE(what_was_paid_is_not_asked_for_again)
{
    auto invoice = fake::an_invoice();
    invoice.applied_minor = 10000;
    invoice.paid_minor = 5000;
    BOOST_TEST(payment_of(invoice).amount_minor.value() == 199175 - 15000);
    invoice.paid_minor = 189175;
    const auto settled = payment_of(invoice);
    BOOST_TEST(settled.amount_minor.value() == 0);
    BOOST_TEST(settled.message == "NICHT ZUR ZAHLUNG VERWENDEN");
}

BOOST_AUTO_TEST_CASE(the_bill_information_tells_the_payers_accounting)
{
    const auto values = document::read_swico(payment_of(fake::an_invoice()).bill_information).value();
    BOOST_TEST(values.at("10") == "2026-000042");
    BOOST_TEST(values.at("11") == "261124");
    BOOST_TEST(values.at("20") == "PO 7/2026");
    BOOST_TEST(values.at("30") == "123456788");
    BOOST_TEST(values.at("31") == "261101261130");
    BOOST_TEST(values.at("32") == "8.1");
    BOOST_TEST(values.at("40") == "0:30");
}

BOOST_AUTO_TEST_CASE(a_long_reference_gives_way_to_the_rest)
{
    auto invoice = fake::an_invoice();
    invoice.customer_reference = std::string(200, 'x');
    const auto payment = payment_of(invoice);
    const auto values = document::read_swico(payment.bill_information).value();
    BOOST_TEST(!values.contains("20"));
    BOOST_TEST(values.at("40") == "0:30");
    BOOST_TEST(payment.message.size() + payment.bill_information.size() <= document::qr_information_limit);
}

BOOST_AUTO_TEST_CASE(names_suit_the_code)
{
    auto invoice = fake::an_invoice();
    invoice.recipient.company = "Gesellschaft für außerordentlich lange Bezeichnungen und deren Verwaltung in Liquidation";
    invoice.recipient.postal_code = "CH-1200";
    const auto debtor = payment_of(invoice).debtor.value();
    BOOST_TEST(debtor.name == "Gesellschaft für außerordentlich lange Bezeichnungen und deren");
    BOOST_TEST(debtor.postal_code == "1200");
    BOOST_TEST(debtor.street == "Rue de l'Exemple");

    invoice.recipient.company = std::string(90, 'W');
    BOOST_TEST(payment_of(invoice).debtor.value().name.size() == 70u);
}

BOOST_AUTO_TEST_CASE(an_incomplete_recipient_is_left_to_the_payer)
{
    for (auto field : {&domain::BillingAddress::city, &domain::BillingAddress::postal_code, &domain::BillingAddress::country}) {
        auto invoice = fake::an_invoice();
        invoice.recipient.*field = "";
        BOOST_TEST(!payment_of(invoice).debtor);
        BOOST_TEST(!pdf(invoice).empty());
    }
}

BOOST_AUTO_TEST_CASE(other_scripts_are_printed_or_transliterated)
{
    auto invoice = fake::an_invoice();
    invoice.recipient.company = "Ελληνική Εταιρεία"; // the fonts have Greek, the code does not
    BOOST_TEST(payment_of(invoice).debtor.value().name.starts_with("Ell"));
    BOOST_TEST(refused_field(invoice) == "");
    invoice.recipient.company = "北京";
    invoice.lines[0].text = "line\nbreak\tand tab";
    BOOST_TEST(refused_field(invoice) == "");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_printed_is_refused_by_its_name)
{
    auto invoice = fake::an_invoice();
    invoice.lines[2].text = "fast 🚀";
    BOOST_TEST(refused_field(invoice) == "lines[2].text");
    invoice = fake::an_invoice();
    invoice.recipient.street = "\xFF";
    BOOST_TEST(refused_field(invoice) == "recipient.street");
}

BOOST_AUTO_TEST_CASE(what_the_bank_would_refuse_is_refused_by_its_name)
{
    auto invoice = fake::an_invoice();
    invoice.payment_part->reference = "202611240000000000000000426";
    BOOST_TEST(refused_field(invoice) == "payment_part.reference");
    invoice = fake::an_invoice();
    invoice.payment_part->iban = "DE89370400440532013000";
    BOOST_TEST(refused_field(invoice) == "payment_part.iban");
    invoice = fake::an_invoice();
    invoice.issuer.address.city = "";
    BOOST_TEST(refused_field(invoice) == "issuer.address");
    invoice = fake::an_invoice();
    invoice.paid_minor = 200000;
    BOOST_TEST(refused_field(invoice) == "due");
    invoice.payment_part.reset();
    BOOST_TEST(refused_field(invoice) == "");
    invoice = fake::an_invoice();
    invoice.recipient.country = "UK";
    try {
        pdf(invoice);
        BOOST_FAIL("the country was taken");
    } catch (const Unprintable& refusal) {
        BOOST_TEST(refusal.field() == "recipient");
        BOOST_TEST((refusal.fault() == QrFault::country));
    }
}

BOOST_AUTO_TEST_SUITE_END()
