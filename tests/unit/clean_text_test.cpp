#include "domain/clean_text.h"

#include <boost/test/unit_test.hpp>

using domain::clean_text;

BOOST_AUTO_TEST_SUITE(clean_texts)

BOOST_AUTO_TEST_CASE(good_text_stays)
{
    BOOST_TEST(clean_text("Zürich €5 \U0001F600", 100) == "Zürich €5 \U0001F600");
    BOOST_TEST(clean_text("", 10) == "");
}

BOOST_AUTO_TEST_CASE(it_is_cut_between_characters)
{
    BOOST_TEST(clean_text("abc", 2) == "ab");
    BOOST_TEST(clean_text("aé", 2) == "a");
    BOOST_TEST(clean_text("a\U0001F600b", 4) == "a");
    BOOST_TEST(clean_text("a\U0001F600b", 5) == "a\U0001F600");
}

BOOST_AUTO_TEST_CASE(what_is_no_text_is_marked)
{
    BOOST_TEST(clean_text("a\nb\x7F", 10) == "a?b?");
    BOOST_TEST(clean_text("\xFF\xFE", 10) == "??");
    BOOST_TEST(clean_text("\xC0\xAF", 10) == "??");           // overlong
    BOOST_TEST(clean_text("\xE0\x80\xAF", 10) == "???");      // overlong
    BOOST_TEST(clean_text("\xED\xA0\x80", 10) == "???");      // a surrogate
    BOOST_TEST(clean_text("\xF4\x90\x80\x80", 10) == "????"); // beyond Unicode
    BOOST_TEST(clean_text("a\xE2\x82", 10) == "a??");         // ends early
    BOOST_TEST(clean_text(std::string_view{"a\0b", 3}, 10) == "a?b");
}

BOOST_AUTO_TEST_SUITE_END()
