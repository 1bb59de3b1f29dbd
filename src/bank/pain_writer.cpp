#include "bank/pain_writer.h"

#include "bank/xml_stream.h"

#include <array>
#include <stdexcept>

namespace bank {
namespace {

/// Cut to so many characters (code points), blanks at the ends and control characters out.
std::string fitted(std::string_view text, std::size_t length)
{
    std::string cut;
    for (const char c : text) cut += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    std::size_t characters = 0;
    for (std::size_t i = 0; i < cut.size(); ++i) {
        if ((static_cast<unsigned char>(cut[i]) & 0xC0) == 0x80) continue; // within a character
        if (++characters > length) cut.resize(i);
    }
    const auto begin = cut.find_first_not_of(' ');
    return begin == std::string::npos ? std::string{} : cut.substr(begin, cut.find_last_not_of(' ') - begin + 1);
}

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        default: result += c;
        }
    }
    return result;
}

std::string element(std::string_view name, const std::string& content)
{
    return "<" + std::string{name} + ">" + content + "</" + std::string{name} + ">";
}

std::string text_element(std::string_view name, std::string_view text, std::size_t length)
{
    return element(name, escaped(fitted(text, length)));
}

std::string optional_element(std::string_view name, std::string_view text, std::size_t length)
{
    return fitted(text, length).empty() ? std::string{} : text_element(name, text, length);
}

std::string address(const PayeeAddress& payee)
{
    if (payee.city.empty() || payee.country.empty()) return {};
    return element("PstlAdr",
        optional_element("StrtNm", payee.street, 70) + optional_element("BldgNb", payee.house_number, 16)
            + optional_element("PstCd", payee.postal_code, 16) + optional_element("TwnNm", payee.city, 35)
            + element("Ctry", escaped(payee.country)));
}

std::string account(const std::string& iban) { return element("Id", element("IBAN", escaped(iban))); }

/// The bank of a Swiss or Liechtenstein account: its clearing number stands in the IBAN.
std::string agent(const std::string& iban)
{
    if (iban.size() < 9) throw std::domain_error{"the account of an order has no IBAN"};
    return element(
        "FinInstnId", element("ClrSysMmbId", element("ClrSysId", element("Cd", "CHBCC")) + element("MmbId", escaped(iban.substr(4, 5)))));
}

std::string transfer(const Transfer& transfer)
{
    std::string amount = "<InstdAmt Ccy=\"" + std::string{domain::to_text(transfer.amount.currency)} + "\">";
    amount += decimal(transfer.amount) + "</InstdAmt>";
    return element("CdtTrfTxInf",
        element("PmtId", text_element("InstrId", transfer.instruction_id, 35) + text_element("EndToEndId", transfer.end_to_end_id, 35))
            + element("Amt", amount) + element("Cdtr", text_element("Nm", transfer.payee, 70) + address(transfer.address))
            + element("CdtrAcct", account(transfer.iban))
            + (fitted(transfer.text, 140).empty() ? std::string{} : element("RmtInf", text_element("Ustrd", transfer.text, 140))));
}

std::string batch(const TransferBatch& batch, const std::string& payer)
{
    auto content = text_element("PmtInfId", batch.id, 35) + element("PmtMtd", "TRF")
        + element("ReqdExctnDt", element("Dt", domain::to_text(batch.execute_on))) + element("Dbtr", text_element("Nm", payer, 70))
        + element("DbtrAcct", account(batch.iban)) + element("DbtrAgt", agent(batch.iban));
    for (const auto& each : batch.transfers) content += transfer(each);
    return element("PmtInf", content);
}

/// The sum over all batches, of all currencies: that is how the standard wants it.
std::string control_sum(const TransferOrder& order)
{
    domain::Money sum{};
    for (const auto& batch : order.batches)
        for (const auto& each : batch.transfers) sum.minor = (sum + domain::Money{each.amount.minor, sum.currency}).minor;
    return decimal(sum);
}

std::size_t count(const TransferOrder& order)
{
    std::size_t transfers = 0;
    for (const auto& batch : order.batches) transfers += batch.transfers.size();
    return transfers;
}

/// Only the schema is of interest.
class Nothing final : public ElementHandler {
    void begin(Message) override {}
    void open(std::string_view, std::string_view, std::int64_t) override {}
    void close(std::string_view, std::int64_t) override {}
};

void check(const std::string& document)
{
    constexpr std::array accepted{Message::pain_001_001_09};
    Nothing nothing;
    const XmlLimits limits{.bytes = static_cast<std::int64_t>(document.size())};
    if (const auto fault = read_xml(bytes_of(document), limits, accepted, nothing))
        throw std::domain_error{"the order does not pass the schema: " + fault->detail};
}

} // namespace

std::string pain_001(const TransferOrder& order)
{
    auto initiation = element("GrpHdr",
        text_element("MsgId", order.id, 35) + element("CreDtTm", domain::to_text(order.created_at))
            + element("NbOfTxs", std::to_string(count(order))) + element("CtrlSum", control_sum(order))
            + element("InitgPty", text_element("Nm", order.payer, 70)));
    for (const auto& each : order.batches) initiation += "\n" + batch(each, order.payer);
    const std::string xml_namespace{namespace_of(Message::pain_001_001_09)};
    const auto document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"" + xml_namespace + "\">\n"
        + element("CstmrCdtTrfInitn", initiation + "\n") + "\n</Document>\n";
    check(document);
    return document;
}

std::string decimal(domain::Money amount)
{
    if (amount.minor < 0) throw std::domain_error{"a transfer of less than nothing"};
    const auto fraction = std::to_string(amount.minor % 100);
    return std::to_string(amount.minor / 100) + (fraction.size() < 2 ? ".0" : ".") + fraction;
}

} // namespace bank
