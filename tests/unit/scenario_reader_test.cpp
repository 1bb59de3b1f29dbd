#include "api/scenario_reader.h"

#include "api/scenario_answer.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <ostream>

namespace {

namespace bdata = boost::unit_test::data;
using namespace std::string_literals;

/// "bad_type /steps/0/at", or "valid".
std::string fault_of(const std::string& json)
{
    try {
        api::read_scenario(json);
        return "valid";
    } catch (const api::InvalidScenario& error) {
        return error.code() + " " + error.path();
    }
}

/// JSON is written with ' instead of ".
std::string quoted(std::string text)
{
    std::ranges::replace(text, '\'', '"');
    return text;
}

/// A part of a scenario and what is wrong with it.
struct Case {
    std::string json{};
    std::string fault{};
};

std::ostream& operator<<(std::ostream& out, const Case& each) { return out << each.json << " -> " << each.fault; }

std::string with_top(const std::string& fields)
{
    return quoted("{'version':1, 'catalogue':[], 'steps':[]" + (fields.empty() ? "" : ", " + fields) + "}");
}

std::string with_item(const std::string& fields)
{
    return quoted("{'version':1, 'vat':{'standard':[{'from':'2024-01-01','rate':810}]}, 'steps':[], 'catalogue':[{'sku':'membership'}, {"
        + fields + "}]}");
}

std::string with_step(const std::string& fields)
{
    return quoted("{'version':1, 'catalogue':[{'sku':'vm','interval':'P1M'}, {'sku':'domain'}], 'steps':[{'at':'2026-01-01','do':'run'}, {"
        + fields + "}]}");
}

/// A step of 1 January 2026; `fields` begin with its kind.
std::string with_action(const std::string& fields) { return with_step("'at':'2026-01-01', 'do':" + fields); }

const std::string subscribe = "'subscribe', 'sub':'a', 'sku':'vm'";

} // namespace

BOOST_AUTO_TEST_SUITE(scenario_reader)

BOOST_AUTO_TEST_CASE(an_empty_scenario_is_valid)
{
    BOOST_TEST(fault_of(with_top("")) == "valid");
    BOOST_TEST(api::answer_text(domain::play(api::read_scenario(with_top(""))))
        == R"({"version":1,"invoices":[],"notices":[],"refused":[],"subscriptions":[],"balance":{"open_rappen":0,"credit_rappen":0}})");
}

BOOST_AUTO_TEST_CASE(an_error_is_answered_with_code_and_path)
{
    try {
        api::read_scenario(with_top("'prices':'both'"));
        BOOST_ERROR("was read");
    } catch (const api::InvalidScenario& error) {
        BOOST_TEST(api::answer_text(error).starts_with(R"({"version":1,"error":{"code":"bad_value","path":"/prices")"));
    }
}

BOOST_DATA_TEST_CASE(what_is_no_json_is_bad_json,
    bdata::make<std::string>({"", " ", "{", "{}}", "{'version':1", "{'version':1,}", "{version:1}", "nul", "{'version':01}",
        "{'version':+1}", "{'version':0x1}", "{'version':NaN}", "{'version':.5}", "\xEF\xBB\xBF{}", "/* */{}", "{} {}", "{}x"}),
    text)
{
    BOOST_TEST(fault_of(quoted(text)) == "bad_json ");
}

BOOST_AUTO_TEST_CASE(text_after_the_scenario_is_bad_json)
{
    BOOST_TEST(fault_of(with_top("") + " \n\t") == "valid");
    for (const auto& rest : {"x"s, "{}"s, ","s, "\0"s, "\n[]"s}) BOOST_TEST(fault_of(with_top("") + rest) == "bad_json ");
}

BOOST_DATA_TEST_CASE(a_duplicate_key_is_bad_json,
    bdata::make({with_top("'version':1"), with_top("'vat':{'a':[], 'a':[]}"), with_item("'sku':'x', 'sku':'x'"),
        with_item("'sku':'x', 'setup_per':{'gb':1, 'gb':1}"), with_action("'run', 'note':'a', 'note':'b'"),
        with_action("'run', 'note':'a', 'n\\u006fte':'b'")}),
    json)
{
    BOOST_TEST(fault_of(json) == "bad_json ");
}

BOOST_AUTO_TEST_CASE(only_an_object_is_a_scenario)
{
    for (const auto* json : {"[]", "1", "true", "null", "\"scenario\""}) BOOST_TEST(fault_of(json) == "bad_type ");
}

BOOST_DATA_TEST_CASE(what_is_not_utf_8_is_bad_json,
    bdata::make<std::string>(
        {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\\ud800", "\\udc00\\ud800", "\n"}),
    bytes)
{
    BOOST_TEST(fault_of(with_top("'note':'" + bytes + "'")) == "bad_json ");
}

BOOST_AUTO_TEST_CASE(any_character_of_utf_8_is_read)
{
    BOOST_TEST(fault_of(with_top("'note':'Zürich \xF0\x9F\x92\xB6 \\ud83d\\ude00'")) == "valid");
    BOOST_TEST(fault_of(with_item("'sku':'" + std::string(62, 'x') + "üü'")) == "valid"); // 64 characters are not 64 bytes
    BOOST_TEST(fault_of(with_item("'sku':'" + std::string(63, 'x') + "üü'")) == "bad_value /catalogue/1/sku");
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused_without_a_crash)
{
    for (const std::size_t depth : {2'000u, 100'000u, 2'000'000u}) {
        BOOST_TEST(fault_of(std::string(depth, '[')) == "bad_json ");
        BOOST_TEST(fault_of(std::string(depth, '[') + std::string(depth, ']')) == (depth <= 2'000 ? "bad_type " : "bad_json "));
    }
    std::string objects;
    for (int depth = 0; depth < 100'000; ++depth) objects += "{\"note\":";
    BOOST_TEST(fault_of(objects) == "bad_json ");
}

BOOST_DATA_TEST_CASE(faults_of_the_top_are_found,
    bdata::make<Case>({{"{'catalogue':[],'steps':[]}", "missing_field /version"}, {"{'version':1,'steps':[]}", "missing_field /catalogue"},
        {"{'version':1,'catalogue':[]}", "missing_field /steps"}, {"{'version':2,'catalogue':[],'steps':[]}", "bad_version /version"},
        {"{'version':0,'catalogue':[],'steps':[]}", "bad_version /version"},
        {"{'version':'1','catalogue':[],'steps':[]}", "bad_type /version"},
        {"{'version':1.0,'catalogue':[],'steps':[]}", "bad_type /version"},
        {"{'version':1,'catalogue':{},'steps':[]}", "bad_type /catalogue"},
        {"{'version':1,'catalogue':[],'steps':'run'}", "bad_type /steps"},
        {"{'version':1,'catalogue':[7],'steps':[]}", "bad_type /catalogue/0"},
        {"{'version':1,'catalogue':[],'steps':[[]]}", "bad_type /steps/0"}}),
    each)
{
    BOOST_TEST(fault_of(quoted(each.json)) == each.fault);
}

BOOST_DATA_TEST_CASE(faults_of_fields_of_the_top_are_found,
    bdata::make<Case>(
        {{"'zone':'Europe/Zurich'", "valid"}, {"'zone':'Europe/Gotham'", "unknown_zone /zone"}, {"'zone':''", "unknown_zone /zone"},
            {"'zone':'../etc/passwd'", "unknown_zone /zone"}, {"'zone':'/etc/localtime'", "unknown_zone /zone"},
            {"'zone':'europe/zurich'", "unknown_zone /zone"}, {"'zone':'+01:00'", "unknown_zone /zone"}, {"'zone':1", "bad_type /zone"},
            {"'currency':'EUR'", "valid"}, {"'currency':'eur'", "bad_value /currency"}, {"'currency':'EURO'", "bad_value /currency"},
            {"'currency':'É1'", "bad_value /currency"}, {"'currency':''", "bad_value /currency"}, {"'currency':756", "bad_type /currency"},
            {"'prices':'gross'", "valid"}, {"'prices':'Gross'", "bad_value /prices"}, {"'prices':true", "bad_type /prices"},
            {"'customer_vat':'export'", "valid"}, {"'customer_vat':'foreign'", "bad_value /customer_vat"},
            {"'name':'x'", "unknown_field /name"}, {"'Note':'x'", "unknown_field /Note"}, {"'':1", "unknown_field /"}}),
    each)
{
    BOOST_TEST(fault_of(with_top(each.json)) == each.fault);
}

BOOST_DATA_TEST_CASE(faults_of_vat_and_dunning_are_found,
    bdata::make<Case>({{"'vat':[]", "bad_type /vat"}, {"'vat':{'a':{}}", "bad_type /vat/a"}, {"'vat':{'a':[1]}", "bad_type /vat/a/0"},
        {"'vat':{'a':[{'rate':1}]}", "missing_field /vat/a/0/from"}, {"'vat':{'a':[{'from':'2024-01-01'}]}", "missing_field /vat/a/0/rate"},
        {"'vat':{'a':[{'from':'2024-01-01','rate':10001}]}", "bad_value /vat/a/0/rate"},
        {"'vat':{'a':[{'from':'2024-01-01','rate':-1}]}", "bad_value /vat/a/0/rate"},
        {"'vat':{'a':[{'from':'2024-01-01','rate':8.1}]}", "bad_type /vat/a/0/rate"},
        {"'vat':{'a':[{'from':'2024-02-30','rate':1}]}", "bad_value /vat/a/0/from"},
        {"'vat':{'a':[{'from':'2024-01-01','rate':1,'to':1}]}", "unknown_field /vat/a/0/to"},
        {"'vat':{'a':[{'from':'2024-01-01','rate':1},{'from':'2024-01-01','rate':2}]}", "bad_value /vat/a/1/from"},
        {"'vat':{'a':[]}", "valid"}, {"'dunning':{}", "valid"}, {"'dunning':[]", "bad_type /dunning"},
        {"'dunning':{'payment_days':366}", "bad_value /dunning/payment_days"},
        {"'dunning':{'payment_days':-1}", "bad_value /dunning/payment_days"}, {"'dunning':{'stages':{}}", "bad_type /dunning/stages"},
        {"'dunning':{'stages':[{'days':1}]}", "missing_field /dunning/stages/0/name"},
        {"'dunning':{'stages':[{'name':'a'}]}", "missing_field /dunning/stages/0/days"},
        {"'dunning':{'stages':[{'name':'a','days':3651}]}", "bad_value /dunning/stages/0/days"},
        {"'dunning':{'stages':[{'name':'a','days':5},{'name':'b','days':5}]}", "bad_value /dunning/stages/1/days"},
        {"'dunning':{'stages':[{'name':'a','days':5,'fee':5}]}", "unknown_field /dunning/stages/0/fee"}}),
    each)
{
    BOOST_TEST(fault_of(with_top(each.json)) == each.fault);
}

BOOST_DATA_TEST_CASE(faults_of_a_catalogue_item_are_found,
    bdata::make<Case>(
        {{"", "missing_field /catalogue/1/sku"}, {"'sku':''", "bad_value /catalogue/1/sku"}, {"'sku':7", "bad_type /catalogue/1/sku"},
            {"'sku':'membership'", "duplicate_sku /catalogue/1/sku"}, {"'sku':'x','currency':'EUR'", "bad_value /catalogue/1/currency"},
            {"'sku':'x','interval':'P367D'", "bad_value /catalogue/1/interval"},
            {"'sku':'x','interval':'P53W'", "bad_value /catalogue/1/interval"},
            {"'sku':'x','interval':'P121M'", "bad_value /catalogue/1/interval"},
            {"'sku':'x','interval':'P11Y'", "bad_value /catalogue/1/interval"},
            {"'sku':'x','interval':'P0M'", "bad_value /catalogue/1/interval"},
            {"'sku':'x','interval':'monthly'", "bad_value /catalogue/1/interval"}, {"'sku':'x','interval':'P10Y'", "valid"},
            {"'sku':'x','recurring_rappen':1", "bad_value /catalogue/1/recurring_rappen"},
            {"'sku':'x','recurring_per':{}", "bad_value /catalogue/1/recurring_per"},
            {"'sku':'x','trial_days':0", "bad_value /catalogue/1/trial_days"},
            {"'sku':'x','billing':'advance'", "bad_value /catalogue/1/billing"},
            {"'sku':'x','free_while':'vm'", "bad_value /catalogue/1/free_while"},
            {"'sku':'x','interval':'P1M','recurring_rappen':1000000001", "bad_value /catalogue/1/recurring_rappen"},
            {"'sku':'x','interval':'P1M','trial_days':3651", "bad_value /catalogue/1/trial_days"},
            {"'sku':'x','interval':'P1M','billing':'later'", "bad_value /catalogue/1/billing"},
            {"'sku':'x','setup_rappen':-1", "bad_value /catalogue/1/setup_rappen"},
            {"'sku':'x','setup_per':[]", "bad_type /catalogue/1/setup_per"},
            {"'sku':'x','setup_per':{'gb':10000001}", "bad_value /catalogue/1/setup_per/gb"},
            {"'sku':'x','setup_per':{'gb':'5'}", "bad_type /catalogue/1/setup_per/gb"},
            {"'sku':'x','vat':'luxury'", "unknown_vat /catalogue/1/vat"}, {"'sku':'x','tags':'vm'", "bad_type /catalogue/1/tags"},
            {"'sku':'x','tags':['vm',1]", "bad_type /catalogue/1/tags/1"},
            {"'sku':'x','requires':'nothing'", "unknown_sku /catalogue/1/requires"}, {"'sku':'x','requires':'membership'", "valid"},
            {"'sku':'x','requires_below_rappen':1", "bad_value /catalogue/1/requires_below_rappen"},
            {"'sku':'x','price':1", "unknown_field /catalogue/1/price"}}),
    each)
{
    BOOST_TEST(fault_of(with_item(each.json)) == each.fault);
}

BOOST_DATA_TEST_CASE(faults_of_the_day_of_a_step_are_found,
    bdata::make<Case>({{"'do':'run'", "missing_field /steps/1/at"}, {"'at':'2026-01-01'", "missing_field /steps/1/do"},
        {"'at':20260101,'do':'run'", "bad_type /steps/1/at"}, {"'at':'2026-02-29','do':'run'", "bad_value /steps/1/at"},
        {"'at':'1989-12-31','do':'run'", "bad_value /steps/1/at"}, {"'at':'2101-01-01','do':'run'", "bad_value /steps/1/at"},
        {"'at':'2100-12-31','do':'run'", "valid"}, {"'at':'2026-01-01T00:00:00','do':'run'", "bad_value /steps/1/at"},
        {"'at':'2026-01-01T00:00Z','do':'run'", "bad_value /steps/1/at"},
        {"'at':'2026-01-01T00:00:00.5Z','do':'run'", "bad_value /steps/1/at"},
        {"'at':'2026-01-01T00:00:00.000Z','do':'run'", "bad_value /steps/1/at"},
        {"'at':'2026-01-01 00:00:00Z','do':'run'", "bad_value /steps/1/at"}, {"'at':'2026-01-01T00:00:00-05:00','do':'run'", "valid"},
        {"'at':'2025-12-31','do':'run'", "out_of_order /steps/1/at"},
        {"'at':'2025-12-31T22:59:59Z','do':'run'", "out_of_order /steps/1/at"}, {"'at':'2025-12-31T23:00:00Z','do':'run'", "valid"},
        {"'at':'2100-12-31T23:00:00Z','do':'run'", "bad_value /steps/1/at"}, {"'at':'2026-01-01','do':'dance'", "bad_value /steps/1/do"},
        {"'at':'2026-01-01','do':1", "bad_type /steps/1/do"}}),
    each)
{
    BOOST_TEST(fault_of(with_step(each.json)) == each.fault);
}

BOOST_DATA_TEST_CASE(faults_of_subscribe_change_and_cancel_are_found,
    bdata::make<Case>({{"'subscribe','sku':'vm'", "missing_field /steps/1/sub"}, {"'subscribe','sub':'a'", "missing_field /steps/1/sku"},
        {"'subscribe','sub':'','sku':'vm'", "bad_value /steps/1/sub"}, {"'subscribe','sub':'a','sku':'tank'", "unknown_sku /steps/1/sku"},
        {subscribe + ",'quantity':0", "bad_value /steps/1/quantity"}, {subscribe + ",'quantity':10001", "bad_value /steps/1/quantity"},
        {subscribe + ",'units':{'core':100001}", "bad_value /steps/1/units/core"},
        {subscribe + ",'units':{'core':-1}", "bad_value /steps/1/units/core"},
        {subscribe + ",'start':'2026-01-01T00:00:00Z'", "bad_value /steps/1/start"},
        {subscribe + ",'anchor':'reset'", "bad_value /steps/1/anchor"}, {subscribe + ",'trial_days':3651", "bad_value /steps/1/trial_days"},
        {subscribe + ",'when':'now'", "unknown_field /steps/1/when"}, {"'change','sub':'a'", "bad_value /steps/1"},
        {"'change','sub':'a','when':'now'", "bad_value /steps/1"}, {"'change','sub':'a','setup':false", "bad_value /steps/1"},
        {"'change','sub':'a','sku':'tank'", "unknown_sku /steps/1/sku"},
        {"'change','sub':'a','quantity':1,'credit':true", "unknown_field /steps/1/credit"},
        {"'change','sub':'a','quantity':1,'when':'later'", "bad_value /steps/1/when"},
        {"'change','sub':'a','quantity':1,'when':1", "bad_type /steps/1/when"},
        {"'change','sub':'a','anchor':'first'", "bad_value /steps/1/anchor"},
        {"'change','sub':'a','quantity':1,'setup':1", "bad_type /steps/1/setup"},
        {"'change','sub':'a','quantity':1,'start':'2026-01-01'", "unknown_field /steps/1/start"},
        {"'cancel','sub':'a','when':'reset'", "bad_value /steps/1/when"}, {"'cancel','sub':'a','credit':'yes'", "bad_type /steps/1/credit"},
        {"'uncancel','sub':'a','when':'now'", "unknown_field /steps/1/when"},
        {"'resume','sub':'a','credit':true", "unknown_field /steps/1/credit"}, {"'pause','sub':'a','credit':0", "bad_type /steps/1/credit"},
        {"'pause'", "missing_field /steps/1/sub"}}),
    each)
{
    BOOST_TEST(fault_of(with_action(each.json)) == each.fault);
}

BOOST_DATA_TEST_CASE(faults_of_price_run_and_money_steps_are_found,
    bdata::make<Case>({{"'price','sku':'vm'", "bad_value /steps/1"}, {"'price','recurring_rappen':1", "missing_field /steps/1/sku"},
        {"'price','sku':'domain','recurring_rappen':1", "bad_value /steps/1/recurring_rappen"},
        {"'price','sku':'domain','recurring_per':{}", "bad_value /steps/1/recurring_per"},
        {"'price','sku':'tank','setup_rappen':1", "unknown_sku /steps/1/sku"},
        {"'price','sku':'vm','setup_per':{'gb':10000001}", "bad_value /steps/1/setup_per/gb"},
        {"'credit'", "missing_field /steps/1/amount_rappen"}, {"'credit','amount_rappen':0", "bad_value /steps/1/amount_rappen"},
        {"'credit','amount_rappen':1000000001", "bad_value /steps/1/amount_rappen"},
        {"'credit','amount_rappen':1,'ref':5", "bad_type /steps/1/ref"},
        {"'credit','amount_rappen':1,'invoice':1", "unknown_field /steps/1/invoice"},
        {"'credit_note','line':1", "missing_field /steps/1/invoice"}, {"'credit_note','invoice':1", "missing_field /steps/1/line"},
        {"'credit_note','invoice':'1','line':1", "bad_type /steps/1/invoice"},
        {"'credit_note','invoice':1,'line':1,'amount_rappen':0", "bad_value /steps/1/amount_rappen"},
        {"'credit_note','invoice':-5,'line':0", "valid"}, // refused, not invalid
        {"'pay','amount_rappen':-1", "bad_value /steps/1/amount_rappen"},
        {"'pay','amount_rappen':1,'line':1", "unknown_field /steps/1/line"}, {"'refund'", "missing_field /steps/1/amount_rappen"},
        {"'refund','amount_rappen':1,'invoice':1", "unknown_field /steps/1/invoice"},
        {"'run','through':'soon'", "bad_value /steps/1/through"}, {"'run','through':'2025-01-01'", "valid"}, // refused, not invalid
        {"'run','sub':'a'", "unknown_field /steps/1/sub"}}),
    each)
{
    BOOST_TEST(fault_of(with_action(each.json)) == each.fault);
}

BOOST_DATA_TEST_CASE(only_an_integer_is_an_integer,
    bdata::make<std::string>({"5.0", "5e0", "5E0", "5.5", "true", "false", "null", "'5'", "[5]", "{}", "1e19"}), value)
{
    BOOST_TEST(fault_of(with_action(subscribe + ",'quantity':" + value)) == "bad_type /steps/1/quantity");
    BOOST_TEST(fault_of(with_item("'sku':'x','setup_per':{'gb':" + value + "}")) == "bad_type /catalogue/1/setup_per/gb");
}

BOOST_DATA_TEST_CASE(a_number_that_no_int64_holds_is_a_bad_value_with_its_place,
    bdata::make<std::string>({"9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775809",
        "18446744073709551616", "100000000000000000000000000000000000000000000000000"}),
    value)
{
    BOOST_TEST(fault_of(with_action("'pay','amount_rappen':" + value)) == "bad_value /steps/1/amount_rappen");
    BOOST_TEST(fault_of(with_item("'sku':'x','setup_per':{'a/b':" + value + "}")) == "bad_value /catalogue/1/setup_per/a~1b");
}

BOOST_AUTO_TEST_CASE(an_integer_of_400_digits_is_a_bad_value_with_its_place)
{
    BOOST_TEST(fault_of(with_action("'pay','amount_rappen':1" + std::string(400, '0'))) == "bad_value /steps/1/amount_rappen");
}

BOOST_AUTO_TEST_CASE(a_real_number_of_any_size_is_a_bad_type)
{
    BOOST_TEST(fault_of(with_action("'pay','amount_rappen':1e400")) == "bad_type /steps/1/amount_rappen");
}

BOOST_DATA_TEST_CASE(null_is_never_allowed,
    bdata::make<Case>({{with_top("'zone':null"), "bad_type /zone"}, {with_top("'note':null"), "bad_type /note"},
        {with_top("'vat':null"), "bad_type /vat"}, {with_top("'dunning':null"), "bad_type /dunning"},
        {with_item("'sku':'x','interval':null"), "bad_type /catalogue/1/interval"},
        {with_item("'sku':'x','tags':null"), "bad_type /catalogue/1/tags"},
        {with_action("'run','through':null"), "bad_type /steps/1/through"},
        {with_action("'cancel','sub':'a','credit':null"), "bad_type /steps/1/credit"}}),
    each)
{
    BOOST_TEST(fault_of(each.json) == each.fault);
}

BOOST_AUTO_TEST_CASE(a_note_is_allowed_in_every_object_with_fixed_fields)
{
    BOOST_TEST(fault_of(with_top("'note':'x', 'vat':{'a':[{'from':'2024-01-01','rate':1,'note':'x'}]},"
                                 "'dunning':{'note':'x','stages':[{'name':'a','days':1,'note':'x'}]}"))
        == "valid");
    BOOST_TEST(fault_of(with_item("'sku':'x','note':'x'")) == "valid");
    BOOST_TEST(fault_of(with_action(subscribe + ",'note':'x'")) == "valid");
}

BOOST_AUTO_TEST_CASE(a_note_is_text)
{
    BOOST_TEST(fault_of(with_top("'note':1")) == "bad_type /note");
    BOOST_TEST(fault_of(with_action("'run','note':['x']")) == "bad_type /steps/1/note");
}

BOOST_AUTO_TEST_CASE(in_a_map_note_is_a_name_like_any_other)
{
    BOOST_TEST(fault_of(with_top("'vat':{'note':'x'}")) == "bad_type /vat/note");
    BOOST_TEST(fault_of(with_top("'vat':{'note':[]}")) == "valid");
    BOOST_TEST(fault_of(with_item("'sku':'x','setup_per':{'note':'x'}")) == "bad_type /catalogue/1/setup_per/note");
    BOOST_TEST(fault_of(with_item("'sku':'x','interval':'P1M','recurring_per':{'note':5}")) == "valid");
    BOOST_TEST(fault_of(with_action(subscribe + ",'units':{'note':'x'}")) == "bad_type /steps/1/units/note");
}

BOOST_AUTO_TEST_CASE(a_nul_does_not_end_a_text)
{
    BOOST_TEST(fault_of(with_top("'prices':'net\\u0000'")) == "bad_value /prices");
    BOOST_TEST(fault_of(with_top("'zone':'Europe/Zurich\\u0000'")) == "unknown_zone /zone");
    BOOST_TEST(fault_of(with_top("'currency':'CHF\\u0000'")) == "bad_value /currency");
    BOOST_TEST(fault_of(with_step("'at':'2026-01-01\\u0000','do':'run'")) == "bad_value /steps/1/at");
    BOOST_TEST(fault_of(with_action("'run\\u0000'")) == "bad_value /steps/1/do");
    BOOST_TEST(fault_of(with_action("'subscribe','sub':'a','sku':'vm\\u0000'")) == "unknown_sku /steps/1/sku");
    BOOST_TEST(fault_of(with_item("'sku':'membership\\u0000'")) == "valid"); // another sku
    BOOST_TEST(fault_of(with_top("'note':'a\0b'"s)) == "bad_json ");
}

BOOST_AUTO_TEST_CASE(slash_and_tilde_are_escaped_in_a_path)
{
    BOOST_TEST(fault_of(with_top("'a/b~c':1")) == "unknown_field /a~1b~0c");
    BOOST_TEST(fault_of(with_top("'vat':{'~1/':[{'from':'2024-01-01','rate':-1}]}")) == "bad_value /vat/~01~1/0/rate");
    BOOST_TEST(fault_of(with_action(subscribe + ",'units':{'GB/s':-1}")) == "bad_value /steps/1/units/GB~1s");
}

BOOST_AUTO_TEST_SUITE_END()
