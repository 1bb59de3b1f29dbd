#include "bank/camt_reader.h"
#include "fake/bank_file.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

// Whatever comes as a bank file: an answer with a code, soon, and nothing else.
namespace {

const std::vector<domain::BankAccount> own{{fake::bank_iban, "CH7330999000000012345", domain::Currency::chf}};

const fake::BankFile one_payment{
    .entries = {{.key = "SVC1",
        .amount = "5.00",
        .details = {{.key = "TX1", .amount = "5.00", .reference = "202611000000000000000000012", .payer = "Zoe"}},
        .batch = "<NbOfTxs>1</NbOfTxs>"}}};

struct Verdict {
    std::string code{};
    std::vector<std::string> payers{};
};

Verdict verdict(const std::string& content, bank::XmlLimits limits = {})
{
    Verdict result;
    const auto file = bank::read_camt(bank::bytes_of(content), limits, own, [&](const auto&, const auto& entry) {
        for (const auto& detail : entry.details) result.payers.push_back(detail.payer);
    });
    result.code = file.fault ? std::string{bank::to_text(file.fault->code)} : "accepted";
    return result;
}

std::string code_of(const std::string& content) { return verdict(content).code; }

std::string replaced(std::string text, const std::string& what, const std::string& with)
{
    const auto at = text.find(what);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, what);
    return text.replace(at, what.size(), with);
}

/// The file with something between its declaration and the root.
std::string with_prolog(const std::string& prolog) { return replaced(one_payment.notification(), "\n", "\n" + prolog + "\n"); }

/// The file with something in its supplementary data, where the schema lets everything pass.
std::string with_supplement(const std::string& content)
{
    auto file = one_payment;
    file.entries[0].details[0].extra = "<SplmtryData><Envlp>" + content + "</Envlp></SplmtryData>";
    return file.notification();
}

std::string utf_16(const std::string& latin_1, bool big_endian, bool mark)
{
    std::string text;
    const auto append = [&](unsigned unit) {
        const auto high = static_cast<char>(unit >> 8);
        const auto low = static_cast<char>(unit & 0xFF);
        text += big_endian ? high : low;
        text += big_endian ? low : high;
    };
    if (mark) append(0xFEFF);
    for (const char c : latin_1) append(static_cast<unsigned char>(c));
    return text;
}

std::string declared(const std::string& encoding, const std::string& payer)
{
    return replaced(replaced(one_payment.notification(), "UTF-8", encoding), "Zoe", payer);
}

std::string repeated(const std::string& text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

std::uint64_t seed()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_bank_file)

BOOST_AUTO_TEST_CASE(a_file_cut_off_at_any_byte_is_malformed)
{
    const auto whole = one_payment.notification();
    const auto end = whole.rfind('>');
    BOOST_TEST(code_of(whole) == "accepted");
    for (std::size_t size = 0; size <= end; ++size)
        BOOST_REQUIRE_MESSAGE(
            code_of(whole.substr(0, size)) == "XML_MALFORMED", "cut at " << size << ": " << code_of(whole.substr(0, size)));
}

BOOST_AUTO_TEST_CASE(mutated_bytes_are_judged_and_harm_nothing)
{
    const auto used = seed();
    BOOST_TEST_MESSAGE("TEST_SEED=" << used);
    std::mt19937_64 random{used};
    const std::vector<std::string> originals{one_payment.notification(), one_payment.statement(),
        utf_16(declared("UTF-16", "Zoe"), false, true), with_supplement("<x xmlns=\"urn:x\">y</x>")};
    const std::string telling = "<>&;'\"=/!?[]-# \n\r\t\0\x80\xFF\xC3x0";
    for (int i = 0; i < 6000; ++i) {
        auto text = originals[random() % originals.size()];
        for (auto changes = random() % 4 + 1; changes > 0; --changes) {
            const auto at = random() % text.size();
            switch (random() % 4) {
            case 0: text[at] = static_cast<char>(random()); break;
            case 1: text[at] = telling[random() % telling.size()]; break;
            case 2: text.erase(at, random() % 40 + 1); break;
            default: text.insert(at, text.substr(random() % text.size(), random() % 60 + 1));
            }
            if (text.empty()) text = "<";
        }
        const auto code = code_of(text);
        BOOST_REQUIRE_MESSAGE(!code.empty(), "seed " << used);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_xml_is_malformed)
{
    for (const auto* text : {"", " ", "\n", "x", "{}", "<", "<?xml", "%PDF-1.4", "PK\x03\x04", "<a><b></a></b>", "<a/><b/>", "<a b=1/>",
             "<a>&undefined;</a>", "<a>&#0;</a>", "<a>\x01</a>", "<a b='1' b='2'/>", "<c:a/>", "\xFF\xFE", "\xEF\xBB\xBF"})
        BOOST_TEST(code_of(text) == "XML_MALFORMED", text);
}

BOOST_AUTO_TEST_CASE(any_document_type_is_refused)
{
    BOOST_TEST(code_of(with_prolog("<!DOCTYPE Document>")) == "DTD_FORBIDDEN");
    BOOST_TEST(code_of(with_prolog("<!DOCTYPE Document SYSTEM \"file:///etc/passwd\">")) == "DTD_FORBIDDEN");
    BOOST_TEST(code_of(with_prolog("<!DOCTYPE Document PUBLIC \"x\" \"http://127.0.0.1:9/x.dtd\" []>")) == "DTD_FORBIDDEN");
    BOOST_TEST(code_of(with_prolog("<!DOCTYPE d [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>")) == "DTD_FORBIDDEN");
}

BOOST_AUTO_TEST_CASE(entities_are_not_expanded)
{
    std::string laughs = "<!DOCTYPE d [<!ENTITY l0 \"ha\">";
    for (int i = 1; i < 12; ++i)
        laughs += "<!ENTITY l" + std::to_string(i) + " \"" + repeated("&l" + std::to_string(i - 1) + ";", 10) + "\">";
    BOOST_TEST(code_of(replaced(with_prolog(laughs + "]>"), "Zoe", "&l11;")) == "DTD_FORBIDDEN");
    const std::string external = "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    BOOST_TEST(code_of(replaced(with_prolog(external), "Zoe", "&x;")) == "DTD_FORBIDDEN");
    BOOST_TEST(code_of(replaced(one_payment.notification(), "Zoe", "&x;")) == "XML_MALFORMED");
}

BOOST_AUTO_TEST_CASE(the_five_predefined_entities_and_characters_by_number_are_read)
{
    const auto result = verdict(replaced(one_payment.notification(), "Zoe", "A &amp; B &lt;&gt;&quot;&apos; &#246;&#xF6;"));
    BOOST_TEST(result.code == "accepted");
    BOOST_TEST(result.payers.at(0) == "A & B <>\"' \xC3\xB6\xC3\xB6");
}

BOOST_AUTO_TEST_CASE(nothing_is_included)
{
    const std::string include = "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\" parse=\"text\"/>";
    BOOST_TEST(code_of(with_supplement(include)) == "accepted"); // an element like any other
    BOOST_TEST(code_of(replaced(one_payment.notification(), "<Nm>Zoe", "<Nm>" + include)) == "XSD_INVALID");
    BOOST_TEST(code_of(with_prolog("<?xml-stylesheet href=\"file:///etc/passwd\"?>")) == "accepted");
    const std::string hint =
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:iso:std:iso:20022:tech:xsd:camt"
        ".054.001.08 file:///nowhere.xsd\"><BkToCstmrDbtCdtNtfctn>";
    BOOST_TEST(code_of(replaced(one_payment.notification(), "><BkToCstmrDbtCdtNtfctn>", hint)) == "accepted");
}

BOOST_AUTO_TEST_CASE(what_looks_like_an_entry_inside_supplementary_data_is_none)
{
    const auto inner = one_payment.entries[0].xml();
    BOOST_TEST(verdict(with_supplement(inner)).payers.size() == 1);
    BOOST_TEST(verdict(with_supplement("<Ntry xmlns=\"urn:x\"><Amt/></Ntry>")).payers.size() == 1);
}

BOOST_AUTO_TEST_CASE(nesting_has_a_limit)
{
    const auto nested = [](int levels) { return with_supplement(repeated("<x xmlns=\"\">", levels) + repeated("</x>", levels)); };
    BOOST_TEST(code_of(nested(64 - 8)) == "accepted"); // below Envlp, the eighth
    BOOST_TEST(code_of(nested(65 - 8)) == "XML_TOO_DEEP");
    BOOST_TEST(code_of(nested(300)) == "XML_TOO_DEEP");
    BOOST_TEST(code_of(repeated("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\">", 100'000)) == "XML_TOO_DEEP");
    BOOST_TEST(code_of(repeated("<a>", 100'000)) == "XML_TOO_DEEP");
}

BOOST_AUTO_TEST_CASE(huge_pieces_are_refused_soon)
{
    const auto start = std::chrono::steady_clock::now();
    BOOST_TEST(code_of(replaced(one_payment.notification(), "Zoe", std::string(11'000'000, 'x'))) == "TOO_LARGE");
    BOOST_TEST(code_of(replaced(one_payment.notification(), "Zoe", "<![CDATA[" + std::string(11'000'000, 'x') + "]]>")) == "TOO_LARGE");
    BOOST_TEST(code_of(with_prolog("<!--" + std::string(11'000'000, 'x') + "-->")) == "TOO_LARGE");
    BOOST_TEST(code_of(with_prolog("<?x " + std::string(11'000'000, 'x') + "?>")) == "TOO_LARGE");
    BOOST_TEST(code_of("<" + std::string(11'000'000, 'x')) != "accepted");
    std::string attributes = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"";
    for (int i = 0; i < 1'000'000; ++i) attributes += " a" + std::to_string(i) + "=\"\"";
    BOOST_TEST(code_of(attributes + ">") == "TOO_LARGE");
    std::string brackets = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"";
    for (int i = 0; i < 500'000; ++i) brackets += " a" + std::to_string(i) + "=\">\"";
    BOOST_TEST(code_of(brackets + ">") != "accepted");
    BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds{60}));
}

BOOST_AUTO_TEST_CASE(a_file_over_the_limit_is_too_large)
{
    const auto text = one_payment.notification();
    const auto size = static_cast<std::int64_t>(text.size());
    BOOST_TEST(verdict(text, {.bytes = size}).code == "accepted");
    BOOST_TEST(verdict(text, {.bytes = size - 1}).code == "TOO_LARGE");
    BOOST_TEST(code_of(text + std::string(std::size_t{20} << 20, '\n')) == "TOO_LARGE");
}

BOOST_AUTO_TEST_CASE(other_namespaces_are_unsupported)
{
    const auto with = [](const std::string& name) { return code_of(replaced(one_payment.notification(), "camt.054.001.08", name)); };
    BOOST_TEST(with("camt.054.001.09") == "NAMESPACE_UNSUPPORTED");
    BOOST_TEST(with("camt.052.001.08") == "NAMESPACE_UNSUPPORTED");
    BOOST_TEST(with("pain.001.001.09") == "NAMESPACE_UNSUPPORTED"); // known, but no report of the bank
    BOOST_TEST(with("camt.053.001.08") == "XSD_INVALID");
    BOOST_TEST(code_of("<Document/>") == "NAMESPACE_UNSUPPORTED");
    BOOST_TEST(code_of("<x xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"/>") == "XSD_INVALID");
    BOOST_TEST(code_of("<html><body>maintenance</body></html>") == "NAMESPACE_UNSUPPORTED");
}

BOOST_AUTO_TEST_CASE(all_encodings_banks_use_are_read)
{
    const std::string utf_8 = "Zo\xC3\xAB";
    const auto payer = [](const std::string& text) {
        const auto result = verdict(text);
        return result.payers.empty() ? result.code : result.payers[0];
    };
    BOOST_TEST(payer(declared("UTF-8", utf_8)) == utf_8);
    BOOST_TEST(payer("\xEF\xBB\xBF" + declared("utf-8", utf_8)) == utf_8);
    BOOST_TEST(payer(declared("ISO-8859-1", "Zo\xEB")) == utf_8);
    BOOST_TEST(payer(declared("US-ASCII", "Zo&#235;")) == utf_8);
    for (const bool big_endian : {false, true}) BOOST_TEST(payer(utf_16(declared("UTF-16", "Zo\xEB"), big_endian, true)) == utf_8);
    BOOST_TEST(payer(utf_16(declared("UTF-16LE", "Zo\xEB"), false, false)) == utf_8);
    BOOST_TEST(payer(utf_16(declared("UTF-16BE", "Zo\xEB"), true, false)) == utf_8);
    BOOST_TEST(code_of(declared("UTF-8", "Zo\xEB")) == "XML_MALFORMED");
}

BOOST_AUTO_TEST_CASE(a_large_file_in_any_encoding_is_read_to_its_end)
{
    auto file = one_payment;
    for (int i = 0; i < 500; ++i) file.entries.push_back(file.entries[0]);
    const auto text = replaced(file.notification(), "UTF-8", "UTF-16");
    BOOST_TEST(verdict(file.notification()).payers.size() == 501);
    BOOST_TEST(verdict(utf_16(text, false, true)).payers.size() == 501);
    BOOST_TEST(verdict(replaced(file.notification(), "UTF-8", "ISO-8859-1")).payers.size() == 501);
}

BOOST_AUTO_TEST_CASE(other_encodings_reach_no_decoder)
{
    for (const auto* name : {"ISO-2022-CN-EXT", "UTF-7", "UTF-32", "EBCDIC-CP-US", "SHIFT_JIS", "x"})
        BOOST_TEST(code_of(declared(name, "Zoe")) == "XML_MALFORMED", name);
    BOOST_TEST(code_of(std::string{"\0\0\0<", 4} + declared("UTF-32", "Zoe")) == "XML_MALFORMED");
    BOOST_TEST(code_of(std::string{"<\0\0\0", 4}) == "XML_MALFORMED");
}

BOOST_AUTO_TEST_CASE(line_ends_of_any_kind_are_blanks)
{
    std::string text;
    for (const char c : one_payment.notification()) text += c == '\n' ? std::string{"\r\n"} : std::string{c};
    BOOST_TEST(code_of(text) == "accepted");
}

BOOST_AUTO_TEST_SUITE_END()
