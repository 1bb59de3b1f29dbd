#include "document/invoice_pdf.h"
#include "document/pages.h"
#include "fake/invoice_documents.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using document::InvoiceDocument;

const document::Fonts& fonts()
{
    static const document::Fonts loaded;
    return loaded;
}

pages::File file_of(const InvoiceDocument& invoice) { return pages::File{document::invoice_pdf(invoice, fonts())}; }

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

int count(const std::string& text, std::string_view part)
{
    int found = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
    return found;
}

InvoiceDocument invoice_of(int lines)
{
    auto invoice = fake::an_invoice();
    invoice.prices_include_vat = false;
    invoice.lines.clear();
    for (int i = 1; i <= lines; ++i)
        invoice.lines.push_back(
            {"Position-" + std::to_string(i) + ".", domain::Period{2026y / 11 / 1, 2026y / 12 / 1}, 1, 1000, 1000, {810}});
    invoice.taxes = {{{810}, 1000 * lines, 81 * lines, "CH"}};
    invoice.total_minor = 1081 * lines;
    return invoice;
}

} // namespace

BOOST_AUTO_TEST_SUITE(letter)

BOOST_AUTO_TEST_CASE(the_invoice_says_all_that_is_asked_of_it)
{
    const auto text = file_of(fake::an_invoice()).text();
    for (const auto* part : {"Rechnung 2026-000042", "Musterstadt, 24.11.2026", "24.12.2026", "10042", "PO 7/2026", "CHE-123.456.788 MWST",
             "Beispiel & Söhne GmbH", "Žofie Müller", "Rue de l’Exemple 7", "IPv6-only VM, 2 Kerne", "01.11.2026 – 30.11.2026", "1 949.75",
             "Nettobetrag", "1 842.51", "MWST 8.1 % auf 1 842.51", "149.24", "Total CHF", "1 991.75", "inkl. MWST",
             "Bitte zahlen Sie den Betrag bis 24.12.2026.", "Seite 1 von 1", "Empfangsschein", "Zahlteil", "CH73 3099 9000 0000 1234 5",
             "20 26112 40000 00000 00000 00425"})
        BOOST_TEST(has(text, part), "lacks " << part);
}

BOOST_AUTO_TEST_CASE(each_language_has_its_words)
{
    auto invoice = fake::an_invoice();
    const std::vector<std::pair<const char*, std::vector<const char*>>> languages{
        {"fr",
            {"Facture 2026-000042", "CHE-123.456.788 TVA", "TVA 8.1 % sur", "Section paiement", "Récépissé", "Point de dépôt",
                "Page 1 de 1"}},
        {"it", {"Fattura 2026-000042", "CHE-123.456.788 IVA", "IVA 8.1 % su", "Sezione pagamento", "Ricevuta", "Punto di accettazione"}},
        {"en",
            {"Invoice 2026-000042", "CHE-123.456.788 MWST", "VAT 8.1% on", "Payment part", "Receipt", "24 Nov 2026", "Acceptance point"}}};
    for (const auto& [language, parts] : languages) {
        invoice.language = language;
        const auto text = file_of(invoice).text();
        for (const auto* part : parts) BOOST_TEST(has(text, part), language << " lacks " << part);
        BOOST_TEST(!has(text, "Rechnung"));
        BOOST_TEST(!has(text, "{"));
    }
}

BOOST_AUTO_TEST_CASE(files_are_sound)
{
    BOOST_TEST(file_of(fake::an_invoice()).faults() == "");
    BOOST_TEST(file_of(invoice_of(60)).faults() == "");
}

BOOST_AUTO_TEST_CASE(the_recipient_alone_is_in_the_window)
{
    auto long_name = fake::an_invoice();
    long_name.recipient.company = "Gesellschaft für außerordentlich lange Bezeichnungen und deren Verwaltung in Liquidation";
    long_name.recipient.name = "Maximiliane Freifrau von und zu Hohenstaufen-Wolkenburg-Oberkassel";
    long_name.recipient.country = "DE";
    for (const auto& invoice : {fake::an_invoice(), long_name}) {
        std::string in_window;
        for (const auto& word : file_of(invoice).words(1)) {
            const bool touches = word.right > 118 && word.bottom > 50 && word.top < 92;
            if (!touches) continue;
            BOOST_TEST(word.left >= 118, word.text);
            BOOST_TEST(word.right <= 203.5, word.text);
            BOOST_TEST(word.top >= 59.5, word.text);
            BOOST_TEST(word.bottom <= 86.5, word.text);
            in_window += word.text + ' ';
        }
        BOOST_TEST(in_window.ends_with(invoice.recipient.country == "CH" ? "1200 Genève " : "GERMANY "), in_window);
    }
}

BOOST_AUTO_TEST_CASE(sixty_lines_are_carried_over_the_pages)
{
    const auto file = file_of(invoice_of(60));
    const int pages = file.count();
    BOOST_REQUIRE(pages >= 3);
    const auto all = file.text();
    for (int i = 1; i <= 60; ++i) BOOST_TEST(count(all, "Position-" + std::to_string(i) + ".") == 1, i);

    int lines_so_far = 0;
    for (int page = 1; page <= pages; ++page) {
        const auto text = file.text(page);
        BOOST_TEST(has(text, "Seite " + std::to_string(page) + " von " + std::to_string(pages)));
        BOOST_TEST(count(text, "Bezeichnung") == 1, "page " << page);
        const auto sum = [&] { return std::to_string(lines_so_far * 10) + ".00"; };
        if (page > 1) BOOST_TEST(has(text, "Rechnung 2026-000042"));
        if (page > 1)
            BOOST_TEST(text.find(sum(), text.find("Übertrag")) != std::string::npos, "page " << page << " does not begin with " << sum());
        lines_so_far += count(text, "Position-");
        if (page < pages)
            BOOST_TEST(text.find(sum(), text.rfind("Übertrag")) != std::string::npos, "page " << page << " does not end with " << sum());
        BOOST_TEST(has(text, "Zahlteil") == (page == pages), "page " << page);
    }
    BOOST_TEST(lines_so_far == 60);
}

// Whatever the number of lines: the slip stands alone on the lower 105 mm of the last page, and says the same.
BOOST_AUTO_TEST_CASE(nothing_overlaps_the_slip)
{
    std::size_t words_on_slip = 0;
    for (int lines = 1; lines <= 25; ++lines) {
        auto invoice = invoice_of(lines);
        const auto file = file_of(invoice);
        std::size_t below = 0;
        for (const auto& word : file.words(file.count())) {
            BOOST_TEST((word.bottom < 192.2 || word.top > 192), lines << " lines: " << word.text);
            below += word.top > 192 ? 1u : 0u;
        }
        if (words_on_slip == 0) words_on_slip = below;
        BOOST_TEST(below == words_on_slip, lines << " lines");
        for (int page = 1; page <= file.count(); ++page)
            for (const auto& word : file.words(page)) BOOST_TEST(word.bottom < 297 - 5, word.text);
    }
}

BOOST_AUTO_TEST_CASE(the_last_line_stays_with_the_total)
{
    for (int lines = 10; lines <= 40; ++lines) {
        const auto file = file_of(invoice_of(lines));
        for (int page = 1; page <= file.count(); ++page) {
            const auto text = file.text(page);
            if (has(text, "Total CHF")) BOOST_TEST(has(text, "Position-" + std::to_string(lines) + "."), lines);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_very_long_text_goes_on_on_the_next_page)
{
    auto invoice = invoice_of(1);
    for (int i = 0; i < 3000; ++i) invoice.lines[0].text += " Wort-" + std::to_string(i) + ".";
    const auto file = file_of(invoice);
    const auto text = file.text();
    BOOST_TEST(file.count() > 2);
    for (int page = 1; page < file.count(); ++page)
        for (const auto& word : file.words(page)) BOOST_TEST(word.bottom < 280, word.text);
    for (int i = 0; i < 3000; i += 7) BOOST_TEST(has(text, "Wort-" + std::to_string(i) + "."), i);
}

BOOST_AUTO_TEST_CASE(a_credit_note_names_what_it_corrects_and_asks_for_nothing)
{
    auto note = fake::an_invoice();
    note.kind = domain::InvoiceKind::credit_note;
    note.number = "CN-2026-000007";
    note.lines = {{"IPv6-only VM", domain::Period{2026y / 11 / 1, 2026y / 12 / 1}, 1, 1500, -1500, {810}}};
    note.taxes = {{{810}, -1388, -112, "CH"}};
    note.total_minor = -1500;
    note.corrected = {"2026-000042", 2026y / 11 / 24};
    note.notes = {"Ausfall vom 3. November."};
    note.payment_part.reset();
    const auto text = file_of(note).text();
    for (const auto* part : {"Gutschrift CN-2026-000007", "Diese Gutschrift berichtigt die Rechnung 2026-000042 vom 24.11.2026.",
             "Ausfall vom 3. November.", "Total CHF", "15.00", "MWST 8.1 % auf 13.88", "1.12"})
        BOOST_TEST(has(text, part), "lacks " << part);
    for (const auto* part : {"Zahlteil", "Zahlbar", "\u2212", "zahlen"}) BOOST_TEST(!has(text, part), "has " << part);
}

BOOST_AUTO_TEST_CASE(reverse_charge_is_told_in_both_languages)
{
    auto invoice = fake::an_invoice();
    invoice.language = "fr";
    invoice.recipient.country = "FR";
    invoice.customer_vat_id = "FR40303265045";
    invoice.vat_note = domain::VatNote::eu_reverse_charge;
    invoice.taxes.clear();
    const auto text = file_of(invoice).text();
    for (const auto* part : {"Autoliquidation, art. 196", "Reverse charge, Art. 196", "FR40303265045", "FRANCE", "SWITZERLAND",
             "FR - 1200 Genève", "CH - 8000 Musterstadt"})
        BOOST_TEST(has(text, part), "lacks " << part);
}

BOOST_AUTO_TEST_CASE(foreign_tax_is_named_with_its_country)
{
    auto invoice = fake::an_invoice();
    invoice.vat_note = domain::VatNote::eu_oss;
    invoice.oss_id = "EU372999999";
    invoice.taxes = {{{1900}, 10000, 1900, "DE"}};
    const auto text = file_of(invoice).text();
    for (const auto* part : {"USt DE 19 % (One-Stop-Shop,", "EU372999999) auf 100.00", "19.00"})
        BOOST_TEST(has(text, part), "lacks " << part);
}

BOOST_AUTO_TEST_CASE(a_card_is_named_and_needs_no_slip)
{
    auto invoice = fake::an_invoice();
    invoice.language = "en";
    invoice.payment_part.reset();
    invoice.applied_minor = 9175;
    invoice.card = {"Visa •••• 4242", 2026y / 11 / 25, false};
    auto text = file_of(invoice).text();
    for (const auto* part :
        {"We will charge CHF 1 900.00 to your card Visa •••• 4242 on 25 Nov 2026.", "Credit applied", "\u221291.75", "Amount due CHF"})
        BOOST_TEST(has(text, part), "lacks " << part);
    BOOST_TEST(!has(text, "Payment part"));

    invoice.card->done = true;
    invoice.paid_minor = 190000;
    text = file_of(invoice).text();
    BOOST_TEST(has(text, "CHF 1 900.00 was charged to your card Visa •••• 4242 on 25 Nov 2026."));
    BOOST_TEST(has(text, "0.00"));
}

BOOST_AUTO_TEST_CASE(a_settled_invoice_says_so)
{
    auto invoice = fake::an_invoice();
    invoice.payment_part.reset();
    invoice.paid_minor = invoice.total_minor;
    const auto text = file_of(invoice).text();
    BOOST_TEST(has(text, "Diese Rechnung ist beglichen."));
    BOOST_TEST(!has(text, "Bitte zahlen"));
}

BOOST_AUTO_TEST_SUITE_END()
