// Beside http_test.cpp: the edges of what a request's body may hold.
#include "http/form.h"

#include "api/parameters.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <limits>
#include <random>

namespace {

namespace bdata = boost::unit_test::data;
using http::Form;
using Texts = std::vector<std::string>;

unsigned seed()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

Form form_of(const std::string& body) { return Form{http::parse_object(body)}; }

/// What finish() reports, in its order, as "pointer code".
Texts faults_of(Form& form)
{
    Texts faults;
    try {
        form.finish();
    } catch (const http::InvalidFields& invalid) {
        for (const auto& fault : invalid.faults()) faults.push_back(fault.pointer + ' ' + fault.code);
    }
    return faults;
}

/// The only fault of reading `body` with `read`, or "none", or "several".
template <class Read> std::string fault_of(const std::string& body, Read read)
{
    auto form = form_of(body);
    read(form);
    const auto faults = faults_of(form);
    if (faults.size() > 1) return "several";
    return faults.empty() ? "none" : faults.front();
}

/// The detail of the only fault.
std::string detail_of(Form& form)
{
    try {
        form.finish();
    } catch (const http::InvalidFields& invalid) {
        BOOST_TEST(invalid.faults().size() == 1u);
        return invalid.faults().front().detail;
    }
    return "";
}

std::string object_with(const std::string& member, const std::string& value) { return "{\"" + member + "\":" + value + "}"; }

std::string machine(const std::string& cores, const std::string& ram, const std::string& disk, const std::string& os)
{
    return R"({"parameters":{"cores":)" + cores + R"(,"ram":)" + ram + R"(,"os_disk_size":)" + disk + R"(,"os":)" + os + "}}";
}

std::string machine_fault(const std::string& body)
{
    return fault_of(body, [](Form& form) { api::read_parameters(form, "ipv6-only-vm"); });
}

std::string changes_fault(const std::string& body)
{
    return fault_of(body, [](Form& form) { api::read_changes(form); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(form_numbers)

BOOST_AUTO_TEST_CASE(both_bounds_are_within)
{
    auto form = form_of(R"({"low":-3,"high":7,"text":"-3"})");
    BOOST_TEST(form.integer("low", -3, 7) == -3);
    BOOST_TEST(form.integer("high", -3, 7) == 7);
    BOOST_TEST(form.integer("text", -3, 7) == -3);
    BOOST_TEST(faults_of(form).empty());
}

BOOST_AUTO_TEST_CASE(one_beyond_a_bound_is_out_of_range)
{
    for (const auto* value : {"-4", "8", "\"-4\"", "\"8\""})
        BOOST_TEST(fault_of(object_with("n", value), [](Form& form) { form.integer("n", -3, 7); }) == "#/n out_of_range", value);
}

BOOST_AUTO_TEST_CASE(a_number_far_beyond_its_bounds_does_not_wrap_into_them)
{
    for (const auto* value : {"9223372036854775807", "-9223372036854775808", "18446744073709552"})
        BOOST_TEST(fault_of(object_with("n", value), [](Form& form) { form.thousandths("n", 0, 1000); }) == "#/n out_of_range", value);
}

BOOST_DATA_TEST_CASE(thousandths_are_exact_whichever_way_they_are_written,
    bdata::make({"0.5", "\"0.5\"", "0.50", "\"0.50\"", "\"0.500\"", "5e-1", "\"000.5\""}), value)
{
    auto form = form_of(object_with("n", value));
    BOOST_TEST(form.thousandths("n", 0, 9000) == 500);
    BOOST_TEST(faults_of(form).empty());
}

BOOST_AUTO_TEST_CASE(each_thousandth_to_100_is_read_exactly_as_a_json_number)
{
    int broken = 0;
    for (int n = 0; n <= 100'000; ++n) {
        const auto decimals = std::to_string(1000 + n % 1000).substr(1);
        auto form = form_of(object_with("n", std::to_string(n / 1000) + "." + decimals));
        broken += form.thousandths("n", 0, 100'000) == n ? 0 : 1;
    }
    BOOST_TEST(broken == 0);
}

BOOST_DATA_TEST_CASE(a_fourth_decimal_is_refused, bdata::make({"0.0005", "\"0.0005\"", "0.1234", "\"1.0000\""}), value)
{
    BOOST_TEST(fault_of(object_with("n", value), [](Form& form) { form.thousandths("n", 0, 9000); }) == "#/n wrong_type");
}

BOOST_DATA_TEST_CASE(what_is_no_decimal_fraction_is_refused,
    bdata::make({"\"1e3\"", "\".5\"", "\"5.\"", "\"+1\"", "\"--1\"", "\"-\"", "\"1,5\"", "\"1.2.3\"", "\"0x1\"", "\"Infinity\"", "\"NaN\"",
        "\"\"", "\" 1\"", "\"1 \"", "\"1\\n\"", "true", "null", "[]", "{}", "\"\xC2\xBD\"", "\"\xD9\xA3\""}),
    value)
{
    BOOST_TEST(fault_of(object_with("n", value), [](Form& form) { form.thousandths("n", 0, 9'000'000); }) == "#/n wrong_type");
}

BOOST_AUTO_TEST_CASE(a_json_number_with_an_exponent_is_the_number_it_is)
{
    auto form = form_of(R"({"n":1e3})");
    BOOST_TEST(form.thousandths("n", 0, 1'000'000) == 1'000'000);
    BOOST_TEST(faults_of(form).empty());
}

BOOST_AUTO_TEST_CASE(negative_thousandths_keep_their_sign)
{
    auto form = form_of(R"({"real":-0.5,"text":"-0.5"})");
    BOOST_TEST(form.thousandths("real", -1000, 1000) == -500);
    BOOST_TEST(form.thousandths("text", -1000, 1000) == -500);
}

BOOST_AUTO_TEST_CASE(random_thousandths_come_back_from_text_and_from_numbers)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int i = 0; i < 5'000; ++i) {
        const auto wanted = std::uniform_int_distribution<std::int64_t>{0, 1'000'000'000}(random);
        const auto text = std::to_string(wanted / 1000) + "." + std::to_string(1000 + wanted % 1000).substr(1);
        auto form = form_of("{\"real\":" + text + ",\"text\":\"" + text + "\"}");
        BOOST_TEST_REQUIRE(form.thousandths("real", 0, 1'000'000'000) == wanted, text);
        BOOST_TEST_REQUIRE(form.thousandths("text", 0, 1'000'000'000) == wanted, text);
        BOOST_TEST_REQUIRE(faults_of(form).empty(), text);
    }
}

BOOST_AUTO_TEST_CASE(bounds_are_told_in_the_unit_of_the_request)
{
    auto form = form_of(R"({"n":600})");
    form.thousandths("n", 500, 512'000);
    BOOST_TEST(detail_of(form) == "must be from 0.5 to 512");
}

BOOST_AUTO_TEST_CASE(a_missing_number_is_required_once)
{
    BOOST_TEST(fault_of("{}", [](Form& form) { form.integer("n", 1, 2); }) == "#/n required");
    BOOST_TEST(fault_of("{}", [](Form& form) { form.thousandths("n", 1, 2); }) == "#/n required");
}

BOOST_AUTO_TEST_CASE(a_faulty_number_reads_as_its_minimum)
{
    auto form = form_of(R"({"n":"x"})");
    BOOST_TEST(form.integer("n", 3, 9) == 3);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(form_texts)

BOOST_AUTO_TEST_CASE(text_comes_in_unchanged)
{
    auto form = form_of("{\"t\":\" Z\xC3\xBCrich \\\"\\\\/ \"}");
    BOOST_TEST(form.text("t") == " Z\xC3\xBCrich \"\\/ ");
    BOOST_TEST(faults_of(form).empty());
}

BOOST_AUTO_TEST_CASE(text_is_measured_in_bytes)
{
    BOOST_TEST(fault_of("{\"t\":\"\xC3\xBC\xC3\xBC\"}", [](Form& form) { form.text("t", 4); }) == "none");
    BOOST_TEST(fault_of("{\"t\":\"\xC3\xBC\xC3\xBC\"}", [](Form& form) { form.text("t", 3); }) == "#/t out_of_range");
}

BOOST_AUTO_TEST_CASE(text_has_at_most_255_bytes_unless_told_otherwise)
{
    const auto read = [](Form& form) { form.text("t"); };
    BOOST_TEST(fault_of(object_with("t", '"' + std::string(255, 'a') + '"'), read) == "none");
    BOOST_TEST(fault_of(object_with("t", '"' + std::string(256, 'a') + '"'), read) == "#/t out_of_range");
}

BOOST_DATA_TEST_CASE(
    control_characters_are_refused, bdata::make({"\\u0001", "\\t", "\\n", "\\r", "\\u001f", "\\u007f", "\\u001b[2J"}), escape)
{
    BOOST_TEST(fault_of(object_with("t", "\"a" + std::string{escape} + "b\""), [](Form& form) { form.text("t"); }) == "#/t invalid");
}

BOOST_DATA_TEST_CASE(what_is_no_string_is_no_text, bdata::make({"1", "1.5", "true", "null", "[]", "{}"}), value)
{
    BOOST_TEST(fault_of(object_with("t", value), [](Form& form) { form.text("t"); }) == "#/t wrong_type");
    BOOST_TEST(fault_of(object_with("t", value), [](Form& form) { form.optional_text("t"); }) == "#/t wrong_type");
}

BOOST_AUTO_TEST_CASE(optional_text_may_be_left_out_but_not_empty)
{
    auto form = form_of("{}");
    BOOST_TEST(!form.optional_text("t").has_value());
    BOOST_TEST(faults_of(form).empty());
    BOOST_TEST(fault_of(R"({"t":""})", [](Form& given) { given.optional_text("t"); }) == "#/t out_of_range");
}

BOOST_AUTO_TEST_CASE(a_choice_takes_exactly_its_words)
{
    const auto read = [](Form& form) { form.choice("c", {"CHF", "EUR"}); };
    BOOST_TEST(fault_of(R"({"c":"EUR"})", read) == "none");
    for (const auto* value : {"\"chf\"", "\"CHF \"", "\"USD\""})
        BOOST_TEST(fault_of(object_with("c", value), read) == "#/c not_allowed", value);
    BOOST_TEST(fault_of("{}", read) == "#/c required");
    BOOST_TEST(fault_of(R"({"c":1})", read) == "#/c wrong_type");
}

BOOST_AUTO_TEST_CASE(a_choice_tells_its_words)
{
    auto form = form_of(R"({"c":"USD"})");
    form.choice("c", {"CHF", "EUR"});
    BOOST_TEST(detail_of(form) == "must be one of: CHF, EUR");
}

BOOST_AUTO_TEST_CASE(an_optional_choice_may_be_left_out)
{
    auto form = form_of("{}");
    BOOST_TEST(!form.optional_choice("c", {"CHF"}).has_value());
    BOOST_TEST(faults_of(form).empty());
}

BOOST_AUTO_TEST_CASE(booleans_may_come_as_words)
{
    auto form = form_of(R"({"a":true,"b":false,"c":"true","d":"false"})");
    BOOST_TEST((form.optional_boolean("a") == true));
    BOOST_TEST((form.optional_boolean("b") == false));
    BOOST_TEST((form.optional_boolean("c") == true));
    BOOST_TEST((form.optional_boolean("d") == false));
    BOOST_TEST(!form.optional_boolean("e").has_value());
    BOOST_TEST(faults_of(form).empty());
}

BOOST_DATA_TEST_CASE(
    what_is_neither_true_nor_false_is_no_boolean, bdata::make({"0", "1", "\"yes\"", "\"TRUE\"", "\"\"", "null", "[]"}), value)
{
    BOOST_TEST(fault_of(object_with("b", value), [](Form& form) { form.optional_boolean("b"); }) == "#/b wrong_type");
}

BOOST_AUTO_TEST_CASE(null_and_empty_text_can_be_told_from_absence)
{
    auto form = form_of(R"({"null":null,"empty":"","text":"x"})");
    BOOST_TEST(form.is_null("null"));
    BOOST_TEST(!form.is_null("text"));
    BOOST_TEST(!form.is_null("absent"));
    BOOST_TEST(form.is_empty_text("empty"));
    BOOST_TEST(!form.is_empty_text("text"));
    BOOST_TEST(!form.is_empty_text("null"));
    BOOST_TEST(!form.is_empty_text("absent"));
    BOOST_TEST(form.has("null"));
    BOOST_TEST(!form.has("absent"));
    BOOST_TEST(faults_of(form).empty()); // asking made them known
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(form_faults)

BOOST_AUTO_TEST_CASE(a_form_without_faults_is_finished_in_silence)
{
    auto form = form_of("{}");
    BOOST_CHECK_NO_THROW(form.finish());
}

BOOST_AUTO_TEST_CASE(looking_whether_a_member_is_there_does_not_make_it_known)
{
    auto form = form_of(R"({"a":1})");
    BOOST_TEST(form.has("a"));
    BOOST_TEST((faults_of(form) == Texts{"#/a unknown_field"}));
}

BOOST_AUTO_TEST_CASE(an_accepted_member_is_known_unread)
{
    auto form = form_of(R"({"a":1})");
    form.accept("a");
    BOOST_TEST(faults_of(form).empty());
}

BOOST_AUTO_TEST_CASE(names_are_compared_with_their_case)
{
    BOOST_TEST(fault_of(R"({"Name":"x"})", [](Form& form) { form.optional_text("name"); }) == "#/Name unknown_field");
}

BOOST_AUTO_TEST_CASE(unknown_members_two_levels_down_are_reported)
{
    const auto read = [](Form& form) { form.object("a").object("b").optional_text("known"); };
    BOOST_TEST(fault_of(R"({"a":{"b":{"known":"x","other":1}}})", read) == "#/a/b/other unknown_field");
}

BOOST_AUTO_TEST_CASE(an_absent_object_is_an_empty_one)
{
    BOOST_TEST(fault_of("{}", [](Form& form) { form.object("a").optional_text("b"); }) == "none");
    BOOST_TEST(fault_of("{}", [](Form& form) { form.object("a").text("b"); }) == "#/a/b required");
}

BOOST_DATA_TEST_CASE(what_is_no_object_is_not_taken_for_one, bdata::make({"1", "\"{}\"", "[]", "null", "true"}), value)
{
    BOOST_TEST(fault_of(object_with("a", value), [](Form& form) { form.object("a").optional_text("b"); }) == "#/a wrong_type");
}

BOOST_AUTO_TEST_CASE(a_fault_of_ones_own_is_reported_with_its_pointer)
{
    auto form = form_of(R"({"a":{}})");
    form.object("a").fault("b", "in_the_past", "must lie ahead");
    BOOST_TEST((faults_of(form) == Texts{"#/a/b in_the_past"}));
}

// RFC 6901, section 3 and 6: "/" and "~" in a name are escaped, or the pointer would point elsewhere; and as a URI
// fragment it holds no blanks, quotes or bytes beyond ASCII.
BOOST_AUTO_TEST_CASE(an_unknown_name_with_a_slash_is_escaped_in_its_pointer)
{
    const auto nothing = [](Form&) {};
    BOOST_TEST(fault_of(R"({"a/b":1})", nothing) == "#/a~1b unknown_field");
    BOOST_TEST(fault_of(R"({"a~b":1})", nothing) == "#/a~0b unknown_field");
    BOOST_TEST(fault_of("{\"a b%\xC3\xBC\":1}", nothing) == "#/a%20b%25%C3%BC unknown_field");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(machine_parameters)

BOOST_AUTO_TEST_CASE(a_machine_is_read_into_its_units)
{
    auto form = form_of(machine("2", "4", "20", "\"debian-12\""));
    const auto parameters = api::read_parameters(form, "ipv6-only-vm");
    BOOST_TEST(faults_of(form).empty());
    BOOST_TEST((parameters == domain::Parameters{.cores = 2, .ram_mb = 4096, .os_disk_gb = 20, .os = "debian-12"}));
}

BOOST_AUTO_TEST_CASE(both_machine_products_take_the_same_parameters)
{
    auto form = form_of(machine("2", "4", "20", "\"debian-12\""));
    BOOST_TEST((api::read_parameters(form, "django-hosting").cores == 2));
    BOOST_TEST(faults_of(form).empty());
}

BOOST_AUTO_TEST_CASE(the_smallest_and_the_largest_machine_can_be_had)
{
    BOOST_TEST(machine_fault(machine("1", "0.5", "1", "\"a\"")) == "none");
    BOOST_TEST(machine_fault(machine("64", "512", "16384", '"' + std::string(64, 'a') + '"')) == "none");
}

BOOST_AUTO_TEST_CASE(beyond_the_limits_there_is_no_machine)
{
    BOOST_TEST(machine_fault(machine("65", "4", "20", "\"a\"")) == "#/parameters/cores out_of_range");
    BOOST_TEST(machine_fault(machine("1", "512.5", "20", "\"a\"")) == "#/parameters/ram out_of_range");
    BOOST_TEST(machine_fault(machine("1", "0", "20", "\"a\"")) == "#/parameters/ram out_of_range");
    BOOST_TEST(machine_fault(machine("1", "4", "16385", "\"a\"")) == "#/parameters/os_disk_size out_of_range");
    BOOST_TEST(machine_fault(machine("1", "4", "0", "\"a\"")) == "#/parameters/os_disk_size out_of_range");
    BOOST_TEST(machine_fault(machine("1", "4", "20", '"' + std::string(65, 'a') + '"')) == "#/parameters/os out_of_range");
}

BOOST_AUTO_TEST_CASE(memory_comes_in_halves_of_a_gb)
{
    BOOST_TEST(machine_fault(machine("1", "1.5", "20", "\"a\"")) == "none");
    for (const auto* ram : {"0.75", "1.001", "\"0.6\""})
        BOOST_TEST(machine_fault(machine("1", ram, "20", "\"a\"")) == "#/parameters/ram out_of_range", ram);
}

BOOST_AUTO_TEST_CASE(an_image_name_cannot_leave_its_folder_or_its_argument)
{
    for (const auto* os : {"\"../etc/passwd\"", "\"a/b\"", "\"a;b\"", "\"$(id)\"", "\"a\\\\b\"",
             "\"d\xC3\xA9"
             "bian\""})
        BOOST_TEST(machine_fault(machine("1", "4", "20", os)) == "#/parameters/os invalid", os);
}

BOOST_AUTO_TEST_CASE(a_machine_without_parameters_lacks_each_of_them)
{
    auto form = form_of("{}");
    api::read_parameters(form, "ipv6-only-vm");
    BOOST_TEST((faults_of(form)
        == Texts{
            "#/parameters/cores required", "#/parameters/ram required", "#/parameters/os_disk_size required", "#/parameters/os required"}));
}

BOOST_AUTO_TEST_CASE(a_snapshot_names_its_machine)
{
    auto form = form_of(R"({"parameters":{"vm":"017F22E2-79B0-7CC3-98C4-DC0C0C07398F"}})");
    const auto parameters = api::read_parameters(form, "vm-snapshot");
    BOOST_TEST(faults_of(form).empty());
    BOOST_REQUIRE(parameters.vm.has_value());
    BOOST_TEST(parameters.vm->text() == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    BOOST_TEST(!parameters.os_disk_gb.has_value()); // its size is measured, not told
}

BOOST_AUTO_TEST_CASE(a_snapshot_without_a_machine_has_one_fault)
{
    const auto read = [](Form& form) { api::read_parameters(form, "vm-snapshot"); };
    BOOST_TEST(fault_of("{}", read) == "#/parameters/vm required");
    BOOST_TEST(fault_of(R"({"parameters":{"vm":"mine"}})", read) == "#/parameters/vm invalid");
    BOOST_TEST(fault_of(R"({"parameters":{"vm":7}})", read) == "#/parameters/vm wrong_type");
}

BOOST_AUTO_TEST_CASE(a_snapshot_does_not_take_a_size)
{
    const auto body = R"({"parameters":{"vm":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","os_disk_size":1}})";
    BOOST_TEST(fault_of(body, [](Form& form) { api::read_parameters(form, "vm-snapshot"); }) == "#/parameters/os_disk_size unknown_field");
}

BOOST_AUTO_TEST_CASE(what_is_left_out_of_a_change_stays)
{
    auto form = form_of(R"({"parameters":{"ram":"1.5"}})");
    const auto changes = api::read_changes(form);
    BOOST_TEST(faults_of(form).empty());
    BOOST_TEST((changes == domain::Parameters{.ram_mb = 1536}));
}

BOOST_AUTO_TEST_CASE(a_change_must_name_something)
{
    BOOST_TEST(changes_fault("{}") == "#/parameters required");
    BOOST_TEST(changes_fault(R"({"parameters":{}})") == "#/parameters required");
}

BOOST_AUTO_TEST_CASE(a_change_keeps_the_rules_of_an_order)
{
    BOOST_TEST(changes_fault(R"({"parameters":{"cores":0}})") == "#/parameters/cores out_of_range");
    BOOST_TEST(changes_fault(R"({"parameters":{"ram":0.7}})") == "#/parameters/ram out_of_range");
    BOOST_TEST(changes_fault(R"({"parameters":{"os_disk_size":null}})") == "#/parameters/os_disk_size wrong_type");
}

BOOST_AUTO_TEST_CASE(the_image_of_a_machine_cannot_be_changed)
{
    BOOST_TEST(changes_fault(R"({"parameters":{"cores":1,"os":"alpine"}})") == "#/parameters/os unknown_field");
}

BOOST_AUTO_TEST_SUITE_END()
