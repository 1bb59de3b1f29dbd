#include "bank/pain_writer.h"
#include "bank/xml_stream.h"
#include "vectors/kind.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <sstream>

// Transfer orders, a folder "pain" with pain.001.001.09 files: an order of the same data, written by us, has the same content.
namespace vectors {
namespace {

/// Path and text of each element that has any, in order: "/Document/…/InstdAmt CHF=35.00".
class Content final : public bank::ElementHandler {
public:
    std::vector<std::pair<std::string, std::string>> leaves{};

    void begin(bank::Message) override {}

    void open(std::string_view name, std::string_view currency, std::int64_t) override
    {
        lengths_.push_back(path_.size());
        path_ += '/' + std::string{name};
        currency_ = currency;
    }

    void close(std::string_view text, std::int64_t) override
    {
        if (text.find_first_not_of(" \r\n\t") != std::string_view::npos)
            leaves.emplace_back(path_, currency_.empty() ? std::string{text} : currency_ + "=" + std::string{text});
        path_.resize(lengths_.back());
        lengths_.pop_back();
        currency_.clear();
    }

private:
    std::string path_{};
    std::string currency_{};
    std::vector<std::size_t> lengths_{};
};

std::vector<std::pair<std::string, std::string>> content_of(const std::string& document, std::vector<std::string>& faults)
{
    constexpr std::array accepted{bank::Message::pain_001_001_09};
    Content content;
    if (const auto fault = bank::read_xml(bank::bytes_of(document), {}, accepted, content)) faults.push_back(to_text(*fault));
    // The same instant, however its zone is told.
    for (auto& [path, text] : content.leaves)
        if (path.ends_with("/GrpHdr/CreDtTm")) text = domain::to_text(domain::instant_from(text).value_or(domain::Instant{}));
    return content.leaves;
}

domain::Money money_from(const std::string& text)
{
    const auto currency = domain::currency_from(text.substr(0, 3)).value();
    std::int64_t minor = 0;
    for (const char c : text.substr(4))
        if (c != '.') minor = minor * 10 + (c - '0');
    return {minor, currency};
}

/// The order that the file holds.
bank::TransferOrder order_from(const std::vector<std::pair<std::string, std::string>>& leaves)
{
    const std::string root = "/Document/CstmrCdtTrfInitn";
    const std::string batch_path = root + "/PmtInf";
    const std::string transfer_path = batch_path + "/CdtTrfTxInf";
    bank::TransferOrder order;
    for (const auto& [path, text] : leaves) {
        if (path == root + "/GrpHdr/MsgId") order.id = text;
        if (path == root + "/GrpHdr/CreDtTm") order.created_at = domain::instant_from(text).value();
        if (path == root + "/GrpHdr/InitgPty/Nm") order.payer = text;
        if (path == batch_path + "/PmtInfId") order.batches.push_back({.id = text});
        if (order.batches.empty()) continue;
        auto& batch = order.batches.back();
        if (path == batch_path + "/ReqdExctnDt/Dt") batch.execute_on = domain::date_from(text).value();
        if (path == batch_path + "/DbtrAcct/Id/IBAN") batch.iban = text;
        if (path == transfer_path + "/PmtId/InstrId") batch.transfers.push_back({.instruction_id = text});
        if (batch.transfers.empty()) continue;
        auto& transfer = batch.transfers.back();
        const std::string address = transfer_path + "/Cdtr/PstlAdr";
        const std::map<std::string, std::string*> texts{{transfer_path + "/PmtId/EndToEndId", &transfer.end_to_end_id},
            {transfer_path + "/Cdtr/Nm", &transfer.payee}, {address + "/StrtNm", &transfer.address.street},
            {address + "/BldgNb", &transfer.address.house_number}, {address + "/PstCd", &transfer.address.postal_code},
            {address + "/TwnNm", &transfer.address.city}, {address + "/Ctry", &transfer.address.country},
            {transfer_path + "/CdtrAcct/Id/IBAN", &transfer.iban}, {transfer_path + "/RmtInf/Ustrd", &transfer.text}};
        if (const auto found = texts.find(path); found != texts.end()) *found->second = text;
        if (path == transfer_path + "/Amt/InstdAmt") transfer.amount = money_from(text);
    }
    return order;
}

std::vector<std::string> check(const std::string& document)
{
    std::vector<std::string> faults;
    const auto expected = content_of(document, faults);
    if (!faults.empty()) return faults;
    const auto actual = content_of(bank::pain_001(order_from(expected)), faults);
    for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
        const auto text = [&](const auto& leaves) { return i < leaves.size() ? leaves[i].first + " " + leaves[i].second : "nothing"; };
        if (text(expected) != text(actual)) faults.push_back("expected " + text(expected) + ", got " + text(actual));
    }
    return faults;
}

std::string text_of(const fs::path& file)
{
    std::ifstream stream{file, std::ios::binary};
    std::ostringstream content;
    content << stream.rdbuf();
    return content.str();
}

bool knows(const fs::path& file, json_t*)
{
    return file.extension() == ".xml" && file.parent_path().filename() == "pain"
        && text_of(file).find(bank::namespace_of(bank::Message::pain_001_001_09)) != std::string::npos;
}

std::vector<Outcome> play(const fs::path& file, json_t*, const fs::path&) { return {{file.string(), check(text_of(file))}}; }

} // namespace

const Kind pain{knows, play};

} // namespace vectors
