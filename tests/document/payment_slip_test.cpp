#include "document/canvas.h"
#include "document/invoice_pdf.h"
#include "document/pages.h"
#include "document/payment_slip.h"
#include "fake/invoice_documents.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <vector>

// Measures the drawn slip against the Style Guide QR-bill. Heights are from the slip's upper edge.
namespace {

using document::mm_per_point;

constexpr double top = 192;
constexpr double close_by = 0.1; // a dot is 0.085 mm

const document::Fonts& fonts()
{
    static const document::Fonts loaded;
    return loaded;
}

pages::File file_of(const document::InvoiceDocument& invoice) { return pages::File{document::invoice_pdf(invoice, fonts())}; }

/// A slip whose debtor is filled in by the payer.
document::InvoiceDocument a_blank_bill()
{
    auto invoice = fake::an_invoice();
    invoice.recipient.city.clear();
    return invoice;
}

/// A slip without an amount.
pages::File an_open_bill()
{
    const document::QrPayload payment{.iban = fake::plain_iban,
        .creditor = {"Muster Hosting AG", "Beispielgasse", "12a", "8000", "Musterstadt", "CH"},
        .amount_minor = {},
        .currency = domain::Currency::chf,
        .debtor = {},
        .reference = {},
        .message = {},
        .bill_information = {},
        .alternative_schemes = {}};
    document::Canvas canvas{fonts()};
    canvas.add_page();
    draw_payment_slip(canvas, payment, "de");
    return pages::File{canvas.finish({.title = "slip", .author = "test", .language = "de-CH", .date = domain::Day{}})};
}

void check_near(const char* what, double actual, double expected)
{
    BOOST_TEST(std::abs(actual - expected) < close_by + 1e-9, what << ": " << actual << " mm, wanted " << expected);
}

/// The corner marks of a field: ink 0.5 and 2.5 mm from each corner along both sides, none 3.5 mm from it.
void check_corners(const char* what, const pages::Picture& picture, double x, double y, double width, double height)
{
    for (const double left_right : {0.0, 1.0})
        for (const double up_down : {0.0, 1.0}) {
            const double corner_x = x + left_right * width, corner_y = top + y + up_down * height;
            const double inwards_x = left_right == 0 ? 1 : -1, inwards_y = up_down == 0 ? 1 : -1;
            for (const double distance : {0.5, 2.5, 3.5}) {
                BOOST_TEST(picture.is_dark(corner_x + inwards_x * distance, corner_y) == (distance < 3), what << ", across, " << distance);
                BOOST_TEST(picture.is_dark(corner_x, corner_y + inwards_y * distance) == (distance < 3), what << ", down, " << distance);
            }
        }
}

/// The first of the words with that text at that side of the slip, by its left edge.
pages::Word word_at(const std::vector<pages::Word>& words, std::string_view text, double x)
{
    const auto found = std::ranges::find_if(
        words, [&](const pages::Word& word) { return word.text == text && std::abs(word.left - x) < 0.3 && word.top > top - 1; });
    BOOST_REQUIRE_MESSAGE(found != words.end(), text << " does not stand at " << x);
    return *found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(payment_slip)

BOOST_AUTO_TEST_CASE(the_code_is_46_mm_at_its_place)
{
    const auto picture = file_of(fake::an_invoice()).picture(1);
    const auto across = picture.ink_across(top + 17.2, 64, 117.5), down = picture.ink_down(67.2, top + 13, top + 67);
    check_near("left", across.first, 67);
    check_near("right", across.last, 113);
    check_near("top", down.first - top, 17);
    check_near("bottom", down.last - top, 63);
}

BOOST_AUTO_TEST_CASE(five_millimetres_around_the_code_are_white)
{
    const auto picture = file_of(fake::an_invoice()).picture(1);
    for (double along = 62.5; along < 117.9; along += 0.1) {
        for (double y = 12.1; y < 16.9; y += 0.2) BOOST_REQUIRE(!picture.is_dark(along, top + y));
        for (double y = 63.1; y < 67.9; y += 0.2) BOOST_REQUIRE(!picture.is_dark(along, top + y));
    }
    for (double y = 12.1; y < 67.9; y += 0.1)
        for (double x = 0.3; x < 4.9; x += 0.2) BOOST_REQUIRE(!picture.is_dark(67 - x, top + y) && !picture.is_dark(113 + x, top + y));
}

BOOST_AUTO_TEST_CASE(the_swiss_cross_is_in_the_middle)
{
    const auto picture = file_of(fake::an_invoice()).picture(1);
    const double x = 67 + 23, y = top + 17 + 23;
    const auto black = picture.ink_across(y + 2.8, x - 3.4, x + 3.4); // below the cross, inside the white frame
    check_near("left edge of the black square", black.first, x - 3);
    check_near("right edge of the black square", black.last, x + 3);
    const double arm = 35.0 / 18, half_bar = 7.0 / 12;
    for (const double side : {-1.0, 1.0}) {
        BOOST_TEST(!picture.is_dark(x + side * (arm - 0.1), y)); // the arms are white up to their ends
        BOOST_TEST(picture.is_dark(x + side * (arm + 0.1), y));
        BOOST_TEST(!picture.is_dark(x, y + side * (arm - 0.1)));
        BOOST_TEST(picture.is_dark(x, y + side * (arm + 0.1)));
        BOOST_TEST(!picture.is_dark(x + 1.5, y + side * (half_bar - 0.1)));
        BOOST_TEST(picture.is_dark(x + 1.5, y + side * (half_bar + 0.1)));
        for (double along = -3.4; along < 3.4; along += 0.1) BOOST_REQUIRE(!picture.is_dark(x + side * 3.25, y + along)); // the white frame
    }
}

BOOST_AUTO_TEST_CASE(the_slip_is_separated_from_the_letter_and_in_itself)
{
    const auto picture = file_of(fake::an_invoice()).picture(1);
    for (double x = 0.2; x < 209.8; x += 0.1) BOOST_REQUIRE(picture.is_dark(x, top) || picture.is_dark(x, top + 0.05));
    for (double y = top + 0.2; y < 296.8; y += 0.1) BOOST_REQUIRE(picture.is_dark(62, y) || picture.is_dark(62.05, y));
    const auto scissors = picture.ink_down(7.9, top - 3, top + 3);
    BOOST_TEST(scissors.last - scissors.first > 2);
}

BOOST_AUTO_TEST_CASE(blank_fields_have_corner_marks)
{
    const auto bill = file_of(a_blank_bill());
    const auto picture = bill.picture(1);
    int fields = 0;
    for (const auto& word : bill.words(1)) {
        if (word.text != "(Name/Adresse)") continue; // the heading; the field is a line below its top
        const double y = word.top - top;
        if (word.left < 60) check_corners("receipt's debtor", picture, 5, y + 9 * mm_per_point, 52, 20);
        else check_corners("payment part's debtor", picture, 118, y + 11 * mm_per_point, 65, 25);
        ++fields;
    }
    BOOST_TEST(fields == 2);

    const auto open_picture = an_open_bill().picture(1);
    check_corners("receipt's amount", open_picture, 27, 68, 30, 10);
    check_corners("payment part's amount", open_picture, 78, 68 + 11 * mm_per_point + 1, 40, 15);
}

BOOST_AUTO_TEST_CASE(texts_stand_at_their_places)
{
    const auto words = file_of(fake::an_invoice()).words(1);
    for (const auto& [text, x, y] : std::vector<std::tuple<const char*, double, double>>{{"Empfangsschein", 5, 5}, {"Konto", 5, 12},
             {"Währung", 5, 68}, {"Betrag", 17, 68}, {"Zahlteil", 67, 5}, {"Währung", 67, 68}, {"Betrag", 82, 68}, {"Konto", 118, 5}}) {
        const auto word = word_at(words, text, x);
        BOOST_TEST(std::abs(word.top - top - y) < 0.6, text << " is at " << word.top - top << ", wanted " << y);
    }
    const auto acceptance = std::ranges::find(words, "Annahmestelle", &pages::Word::text);
    BOOST_REQUIRE(acceptance != words.end());
    check_near("right edge of the acceptance point", acceptance->right, 57);
    BOOST_TEST(std::abs(acceptance->top - top - 82) < 0.6);
}

// However long the names: nothing outside the parts' margins, nothing over the amounts.
BOOST_AUTO_TEST_CASE(the_longest_texts_stay_in_their_sections)
{
    auto invoice = fake::an_invoice();
    invoice.issuer.address = {.company = std::string(70, 'M'),
        .street = std::string(70, 'W'),
        .house_number = "1234567890123456",
        .postal_code = "8000",
        .city = std::string(35, 'M'),
        .country = "CH"};
    invoice.recipient = invoice.issuer.address;
    invoice.recipient.country = "DE";
    invoice.customer_reference = std::string(60, 'W');
    const auto file = file_of(invoice);
    for (const auto& word : file.words(file.count())) {
        if (word.top < top) continue;
        BOOST_TEST(word.left > 4.9, word.text);
        BOOST_TEST(word.right < 205.1, word.text);
        BOOST_TEST((word.right < 57.1 || word.left > 66.9), word.text);
        if (word.left < 60 && word.top < top + 67) BOOST_TEST(word.bottom < top + 68.5, word.text);
        if (word.left > 117) BOOST_TEST(word.bottom < top + 90.5, word.text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
