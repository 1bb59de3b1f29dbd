// Beside http_test.cpp: what comes in as JSON, and that what goes out is the same to another parser.
#include "http/json_text.h"

#include "http/json.h"
#include "http/problem.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <limits>
#include <random>

namespace {

namespace bdata = boost::unit_test::data;
using http::Json;
using http::JsonText;
using http::parse_object;

unsigned seed()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

/// As jansson reads it; a value of nothing if it cannot.
Json parsed(const std::string& text)
{
    return Json{json_loadb(text.data(), text.size(), JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, nullptr)};
}

/// The text that a written string is to another parser.
std::string text_read_back(std::string_view written)
{
    const auto value = parsed(JsonText{written}.dump());
    if (!json_is_string(value.get())) return "not a string";
    return {json_string_value(value.get()), json_string_length(value.get())};
}

std::string nested(int levels, char opening, char closing)
{
    return std::string(static_cast<std::size_t>(levels), opening) + std::string(static_cast<std::size_t>(levels), closing);
}

/// A random value, built twice over: as text by JsonText, and as jansson's tree.
struct Twin {
    JsonText text;
    Json tree;
};

std::string random_utf8(std::mt19937_64& random)
{
    static const std::vector<std::string> pieces{"a", "Z", "0", " ", "\"", "\\", "/", "\n", "\t", "\x01", "\x1f", "\x7f", "<", "&",
        "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x90\xBF", "\xEF\xBF\xBD", "\xE2\x80\xA8", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF",
        std::string(1, '\0')};
    std::string text;
    for (auto length = random() % 10; length > 0; --length) text += pieces[random() % pieces.size()];
    return text;
}

Twin random_value(std::mt19937_64& random, int depth)
{
    switch (random() % (depth > 0 ? 6 : 4)) {
    case 0: return {JsonText::null(), Json::null()};
    case 1: {
        const bool truth = random() % 2 == 0;
        return {JsonText{truth}, Json{truth}};
    }
    case 2: {
        const auto number = static_cast<std::int64_t>(random());
        return {JsonText{number}, Json{number}};
    }
    case 3: {
        const auto text = random_utf8(random);
        return {JsonText{text}, Json{text}};
    }
    case 4: {
        Twin array{JsonText::array(), Json::array()};
        for (auto size = random() % 4; size > 0; --size) {
            const auto entry = random_value(random, depth - 1);
            array.text.push(entry.text);
            array.tree.push(entry.tree);
        }
        return array;
    }
    default: {
        Twin object{JsonText::object(), Json::object()};
        for (auto size = random() % 4; size > 0; --size) {
            const auto entry = random_value(random, depth - 1);
            const auto name = "m" + std::to_string(size);
            object.text.set(name.c_str(), entry.text);
            object.tree.set(name.c_str(), entry.tree);
        }
        return object;
    }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(body)

BOOST_AUTO_TEST_CASE(an_object_is_read_with_what_is_in_it)
{
    const auto object = parse_object(" \n{\"a\": [1, {\"b\": \"\xC3\xBC\"}]} \n");
    BOOST_TEST(object.dump() == "{\"a\":[1,{\"b\":\"\xC3\xBC\"}]}");
}

BOOST_AUTO_TEST_CASE(sixteen_levels_are_read) { BOOST_CHECK_NO_THROW(parse_object("{\"a\":" + nested(15, '[', ']') + "}")); }

BOOST_AUTO_TEST_CASE(seventeen_levels_are_refused)
{
    BOOST_CHECK_THROW(parse_object("{\"a\":" + nested(16, '[', ']') + "}"), http::BadRequest);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_levels_are_refused)
{
    std::string objects;
    for (int level = 0; level < 100'000; ++level) objects += "{\"a\":";
    BOOST_CHECK_THROW(parse_object(objects), http::BadRequest);
    BOOST_CHECK_THROW(parse_object(std::string(100'000, '[')), http::BadRequest);
}

BOOST_AUTO_TEST_CASE(many_siblings_do_not_nest)
{
    std::string siblings{"{\"a\":[{}"};
    for (int i = 0; i < 1'000; ++i) siblings += ",{}";
    BOOST_CHECK_NO_THROW(parse_object(siblings + "]}"));
}

BOOST_AUTO_TEST_CASE(closing_brackets_ahead_buy_no_depth)
{
    BOOST_CHECK_THROW(parse_object(std::string(100'000, ']') + std::string(100'000, '[')), http::BadRequest);
}

BOOST_AUTO_TEST_CASE(an_escaped_quote_does_not_hide_the_depth)
{
    BOOST_CHECK_THROW(parse_object(R"({"a":"\"","b":)" + nested(16, '[', ']') + "}"), http::BadRequest);
    BOOST_CHECK_THROW(parse_object(R"({"a":"\\","b":)" + nested(16, '[', ']') + "}"), http::BadRequest);
}

BOOST_AUTO_TEST_CASE(brackets_after_an_escaped_quote_are_text)
{
    BOOST_CHECK_NO_THROW(parse_object(R"({"a":"\")" + std::string(20, '[') + "\"}"));
}

BOOST_DATA_TEST_CASE(a_repeated_key_is_refused_at_every_level,
    bdata::make({R"({"a":1,"a":1})", R"({"o":{"a":1,"a":2}})", R"({"l":[{"a":1,"a":2}]})", R"({"a":1,"\u0061":2})"}), text)
{
    BOOST_CHECK_THROW(parse_object(text), http::BadRequest);
}

BOOST_DATA_TEST_CASE(text_that_is_not_utf_8_is_refused,
    bdata::make({"{\"a\":\"\xff\"}", "{\"a\":\"\xC3\"}", "{\"a\":\"\xC0\xAF\"}", "{\"a\":\"\xED\xA0\x80\"}", "{\"a\":\"\xF4\x90\x80\x80\"}",
        "{\"\xff\":1}", "{\"a\":\"\\ud800\"}"}),
    text)
{
    BOOST_CHECK_THROW(parse_object(text), http::BadRequest);
}

BOOST_AUTO_TEST_CASE(a_nul_is_refused_in_every_disguise)
{
    using namespace std::string_literals;
    for (const auto& text : {"{\"a\":\"x\\u0000y\"}"s, "{\"a\\u0000\":1}"s, "{\"a\":\"x\0y\"}"s, "{}\0"s, "\0{}"s})
        BOOST_CHECK_THROW(parse_object(text), http::BadRequest);
}

BOOST_DATA_TEST_CASE(what_is_no_object_is_refused,
    bdata::make(
        {"", " ", "null", "true", "1", "\"{}\"", "[]", "[{}]", "{}{}", "{},", "{\"a\":}", "{\"a\"}", "{a:1}", "{\"a\":1,}", "{\"a\":01}",
            "{\"a\":+1}", "{\"a\":.5}", "{\"a\":Infinity}", "{\"a\":99999999999999999999}", "{/**/}", "{\"a\":\"\n\"}", "a=1&b=2"}),
    text)
{
    BOOST_CHECK_THROW(parse_object(text), http::BadRequest);
}

BOOST_AUTO_TEST_CASE(a_repeated_key_is_named_as_the_cause)
{
    BOOST_CHECK_EXCEPTION(parse_object(R"({"a":1,"a":2})"), http::BadRequest,
        [](const auto& error) { return std::string_view{error.what()}.ends_with("a key is repeated"); });
}

// A body may hold a password: the answer shows where it broke, never what stood there.
BOOST_AUTO_TEST_CASE(what_is_broken_is_not_repeated)
{
    BOOST_CHECK_EXCEPTION(parse_object(R"({"password":"sesame" x})"), http::BadRequest,
        [](const auto& error) { return std::string_view{error.what()}.find("sesame") == std::string_view::npos; });
}

BOOST_AUTO_TEST_CASE(random_bytes_are_read_or_refused_and_nothing_else)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    const std::string valid{R"({"a":[1,2.5,"x\u00fc\"",{"b":null,"c":[true,false]}],"d":"4242"})"};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int i = 0; i < 20'000; ++i) {
        auto text = valid;
        for (auto changes = 1 + random() % 4; changes > 0; --changes) text[random() % text.size()] = static_cast<char>(random());
        try {
            BOOST_TEST_REQUIRE(json_is_object(parse_object(text).get()));
        } catch (const http::BadRequest&) {
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(quotes_backslashes_and_controls_are_escaped)
{
    BOOST_TEST(JsonText{"a\"b"}.dump() == R"("a\"b")");
    BOOST_TEST(JsonText{"a\\b"}.dump() == R"("a\\b")");
    BOOST_TEST(JsonText{"\n"}.dump() == R"("\u000a")");
    BOOST_TEST(JsonText{"\x1f"}.dump() == R"("\u001f")");
}

BOOST_AUTO_TEST_CASE(a_nul_in_the_middle_does_not_end_the_text)
{
    const std::string text{"a\0b", 3};
    BOOST_TEST(JsonText{text}.dump() == R"("a\u0000b")");
}

BOOST_AUTO_TEST_CASE(each_byte_alone_is_read_back_as_itself_or_as_its_replacement)
{
    for (int byte = 0; byte < 256; ++byte) {
        const std::string text(1, static_cast<char>(byte));
        BOOST_TEST(text_read_back(text) == (byte < 0x80 ? text : "\xEF\xBF\xBD"), byte);
    }
}

BOOST_DATA_TEST_CASE(the_first_and_last_characters_of_each_length_pass,
    bdata::make(
        {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}),
    text)
{
    BOOST_TEST(text_read_back(text) == text);
}

// Overlong forms, surrogates, what lies beyond U+10FFFF, and what is cut off (RFC 3629).
BOOST_DATA_TEST_CASE(what_is_not_utf_8_is_replaced_and_the_rest_kept,
    bdata::make({"\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x90", "\x80", "\xBF", "\xFE", "\xFF"}),
    broken)
{
    const auto shown = text_read_back("<" + std::string{broken} + ">");
    BOOST_TEST(shown.starts_with("<\xEF\xBF\xBD"));
    BOOST_TEST(shown.ends_with(">"));
}

BOOST_AUTO_TEST_CASE(a_broken_sequence_does_not_swallow_the_quote_after_it)
{
    BOOST_TEST(text_read_back("\xE2\x82\"}") == "\xEF\xBF\xBD\xEF\xBF\xBD\"}");
}

BOOST_AUTO_TEST_CASE(members_keep_their_order)
{
    BOOST_TEST(JsonText::object().set("z", 1).set("a", "x").set("m", true).dump() == R"({"z":1,"a":"x","m":true})");
}

BOOST_AUTO_TEST_CASE(empty_containers_are_entries_too)
{
    auto array = JsonText::array();
    array.push(JsonText::array()).push(JsonText::object()).push(JsonText::null()).push("");
    BOOST_TEST(array.dump() == R"([[],{},null,""])");
}

BOOST_AUTO_TEST_CASE(a_container_written_into_another_is_closed)
{
    auto inner = JsonText::object();
    inner.set("a", JsonText::array().push(1));
    BOOST_TEST(JsonText::object().set("o", inner).set("p", inner).dump() == R"({"o":{"a":[1]},"p":{"a":[1]}})");
}

BOOST_AUTO_TEST_CASE(text_is_not_taken_for_a_truth_value)
{
    const char* text = "x";
    BOOST_TEST(JsonText{text}.dump() == R"("x")");
    BOOST_TEST(JsonText::object().set("a", text).dump() == R"({"a":"x"})");
}

BOOST_AUTO_TEST_CASE(the_largest_integers_are_written_whole)
{
    BOOST_TEST(JsonText{std::numeric_limits<std::int64_t>::max()}.dump() == "9223372036854775807");
    BOOST_TEST(JsonText{std::numeric_limits<std::int64_t>::min()}.dump() == "-9223372036854775808");
}

BOOST_AUTO_TEST_CASE(thousandths_are_written_without_trailing_zeros)
{
    BOOST_TEST(JsonText::thousandths(0).dump() == "0");
    BOOST_TEST(JsonText::thousandths(1).dump() == "0.001");
    BOOST_TEST(JsonText::thousandths(10).dump() == "0.01");
    BOOST_TEST(JsonText::thousandths(1500).dump() == "1.5");
    BOOST_TEST(JsonText::thousandths(512'000).dump() == "512");
    BOOST_TEST(JsonText::thousandths(999'999).dump() == "999.999");
}

BOOST_AUTO_TEST_CASE(negative_thousandths_are_numbers_too)
{
    BOOST_TEST(JsonText::thousandths(-500).dump() == "-0.5");
    BOOST_TEST(JsonText::thousandths(-1250).dump() == "-1.25");
    BOOST_TEST(JsonText::thousandths(-4000).dump() == "-4");
}

// A report's column may be named concat("a"): its name is the SQL expression.
BOOST_AUTO_TEST_CASE(a_member_name_is_escaped)
{
    BOOST_TEST(JsonText::object().set("concat(\"a\")", 1).dump() == R"json({"concat(\"a\")":1})json");
    BOOST_TEST(JsonText::object().set("a\\b\n", 1).dump() == R"({"a\\b\u000a":1})");
}

BOOST_AUTO_TEST_CASE(random_values_are_equal_when_read_back)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int i = 0; i < 5'000; ++i) {
        const auto value = random_value(random, 5);
        const auto text = value.text.dump();
        const auto read = parsed(text);
        BOOST_TEST_REQUIRE(read.get() != nullptr, text);
        BOOST_TEST_REQUIRE(json_equal(read.get(), value.tree.get()) == 1, text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(json_tree)

BOOST_AUTO_TEST_CASE(a_tree_keeps_the_order_of_its_members)
{
    BOOST_TEST(
        Json::object().set("z", 1).set("a", "x").set("m", true).set("n", Json::null()).dump() == R"({"z":1,"a":"x","m":true,"n":null})");
}

BOOST_AUTO_TEST_CASE(a_tree_shows_what_is_not_utf_8_as_its_absence) { BOOST_TEST(Json{"\xff"}.dump() == "\"\xEF\xBF\xBD\""); }

BOOST_AUTO_TEST_SUITE_END()
