#include "document/qr_text.h"

#include "document/utf8.h"

#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(qr_text)

BOOST_AUTO_TEST_CASE(characters_of_the_set_stay_as_they_are)
{
    const std::string all = "Žofie Müller-Ĉapek, 12a; «Wörgl» ½ Ș ț € ~";
    BOOST_TEST(document::qr_text(all).value() == all);
    BOOST_TEST(document::qr_text("").value().empty());
}

BOOST_AUTO_TEST_CASE(typographic_signs_become_plain)
{
    BOOST_TEST(document::qr_text("l’été – „so“ — 1…2").value() == "l'été - ,,so\" - 1...2");
    BOOST_TEST(document::qr_text("a\u202Fb\u2009c").value() == "a b c");
}

BOOST_AUTO_TEST_CASE(marks_are_composed_with_their_letters)
{
    BOOST_TEST(document::qr_text("Gene\u0300ve").value() == "Genève");
    BOOST_TEST(document::qr_text("ẞ").value() == "SS");
}

BOOST_AUTO_TEST_CASE(letters_outside_the_set_are_transliterated)
{
    BOOST_TEST(document::qr_text("Nguyễn").value() == "Nguyen");
    BOOST_TEST(document::qr_text("Рога и Копыта").value() == "Roga i Kopyta");
    BOOST_TEST(document::qr_text("北京").value() == "běi jīng");
}

BOOST_AUTO_TEST_CASE(what_has_no_letters_is_refused)
{
    BOOST_TEST(!document::qr_text("😀"));
    BOOST_TEST(!document::qr_text("a\tb"));
    BOOST_TEST(!document::qr_text("a\u0085"));
    BOOST_TEST(!document::qr_text("\xC3("));
    BOOST_TEST(!document::qr_text("\xED\xA0\x80")); // half of a surrogate pair
}

BOOST_AUTO_TEST_CASE(threads_share_the_transforms)
{
    std::vector<std::thread> threads;
    std::vector<std::string> texts(8);
    for (auto& text : texts) threads.emplace_back([&text] { text = document::qr_text("Ελλάδα – Рога").value_or(""); });
    for (auto& thread : threads) thread.join();
    for (const auto& text : texts) BOOST_TEST(text == texts.front());
    BOOST_TEST(!texts.front().empty());
}

BOOST_AUTO_TEST_CASE(a_beginning_ends_between_characters)
{
    BOOST_TEST(document::first_characters("Žofie", 2) == "Žo");
    BOOST_TEST(document::first_characters("€", 1) == "€");
    BOOST_TEST(document::first_characters("ab", 5) == "ab");
}

BOOST_AUTO_TEST_SUITE_END()
