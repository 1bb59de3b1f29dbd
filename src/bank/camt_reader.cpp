#include "bank/camt_reader.h"

#include "bank/camt_entry.h"
#include "domain/clean_text.h"
#include "domain/payment_reference.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

namespace bank {
namespace {

using domain::BankStatement;

constexpr std::array accepted{Message::camt_053_001_04, Message::camt_053_001_08, Message::camt_054_001_04, Message::camt_054_001_08};

constexpr std::int64_t largest_amount = 10'000'000'000'000'000;
constexpr std::size_t references_kept = 5;
constexpr std::size_t text_kept = 500; ///< bytes

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// Appends on the same line, and cuts what is too long between two characters.
void append_text(std::string& text, std::string_view more)
{
    more = trimmed(more);
    if (more.empty()) return;
    if (!text.empty()) text += ' ';
    for (const char c : more) text += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    text = domain::clean_text(text, text_kept);
}

struct ToldBalance {
    std::string code{};
    Told amount{};
    bool credit{true};
};

/// Turns elements into entries. Elements are known by their path from the root; the report itself is N, in both messages.
class Camt final : public ElementHandler {
public:
    Camt(std::span<const domain::BankAccount> own, const EntrySink& sink) : own_{own}, sink_{sink} {}

    CamtFile file{};

    void begin(Message) override {}

    void open(std::string_view name, std::string_view currency, std::int64_t line) override
    {
        if (file.fault) return;
        lengths_.push_back(path_.size());
        path_ += '/';
        path_ += name == "Stmt" || name == "Ntfctn" ? "N" : name == "BkToCstmrStmt" || name == "BkToCstmrDbtCdtNtfctn" ? "R" : name;
        currency_ = currency;
        line_ = line;
        if (path_ == "/Document/R/N") begin_statement();
        else if (path_ == "/Document/R/N/Bal") balance_ = {};
        else if (path_ == "/Document/R/N/Ntry") begin_entry();
        else if (path_ == "/Document/R/N/Ntry/NtryDtls") entry_.batches.emplace_back();
        else if (path_ == "/Document/R/N/Ntry/NtryDtls/TxDtls") begin_detail();
    }

    void close(std::string_view text, std::int64_t line) override
    {
        if (file.fault) return;
        line_ = line;
        if (const auto taker = takers().find(path_); taker != takers().end()) (this->*taker->second)(trimmed(text));
        path_.resize(lengths_.back());
        lengths_.pop_back();
    }

private:
    using Taker = void (Camt::*)(std::string_view);

    static const std::unordered_map<std::string_view, Taker>& takers();

    void refuse(FaultCode code, const std::string& detail, std::int64_t line, std::int64_t entry = 0)
    {
        if (!file.fault) file.fault = FileFault{code, detail, line, entry};
    }

    // The message and its pages.
    void take_created(std::string_view text) { created_on_ = day(text); }
    void take_page(std::string_view text) { paged_ = paged_ || text != "1"; }
    void take_last_page(std::string_view text) { paged_ = paged_ || !(text == "true" || text == "1"); }

    // The statement.
    void begin_statement()
    {
        statement_ = {};
        account_.clear();
        account_currency_.clear();
        opening_ = closing_ = std::nullopt;
        entries_told_ = std::nullopt;
        entries_ = booked_sum_ = 0;
    }
    void take_statement_id(std::string_view text) { statement_.id = text; }
    void take_statement_created(std::string_view text) { created_on_ = day(text); }
    void take_from(std::string_view text) { statement_.from = day(text); }
    void take_through(std::string_view text) { statement_.through = day(text); }
    void take_iban(std::string_view text) { account_ = text; }
    void take_currency(std::string_view text) { account_currency_ = text; }
    void take_account(std::string_view);
    void take_balance_code(std::string_view text) { balance_.code = text; }
    void take_balance_amount(std::string_view text) { balance_.amount = told(text); }
    void take_balance_direction(std::string_view text) { balance_.credit = text == "CRDT"; }
    void take_balance(std::string_view);
    void take_entries_told(std::string_view text) { entries_told_ = number(text); }
    void end_statement(std::string_view);

    // An entry.
    void begin_entry()
    {
        entry_ = {};
        entry_.line = line_;
        entry_.entry.position = ++entries_;
        ++file.entries;
    }
    void take_amount(std::string_view text) { entry_.amount = told(text); }
    void take_direction(std::string_view text) { entry_.entry.credit = text == "CRDT"; }
    void take_reversal(std::string_view text) { entry_.entry.reversal = text == "true" || text == "1"; }
    void take_status(std::string_view text) { entry_.entry.booked = entry_.entry.booked || text == "BOOK"; }
    void take_booked_on(std::string_view text) { entry_.booked_on = day(text); }
    void take_valued_on(std::string_view text) { entry_.valued_on = day(text); }
    void take_entry_reference(std::string_view text) { entry_.entry.servicer_reference = text; }
    void take_entry_text(std::string_view text) { append_text(entry_.entry.text, text); }
    void end_entry(std::string_view);

    // Its batches and details.
    void take_count(std::string_view text) { entry_.batches.back().count = number(text); }
    void take_total(std::string_view text) { entry_.batches.back().total = told(text); }
    void take_total_direction(std::string_view text) { entry_.batches.back().credit = text == "CRDT"; }
    void begin_detail()
    {
        entry_.details.emplace_back();
        ++entry_.batches.back().details;
    }
    ToldDetail& detail() { return entry_.details.back(); }
    void take_detail_reference(std::string_view text) { detail().detail.servicer_reference = text; }
    void take_end_to_end_id(std::string_view text) { detail().detail.end_to_end_id = text; }
    void take_detail_amount(std::string_view text) { detail().amount = told(text); }
    void take_detail_direction(std::string_view text) { detail().credit = text == "CRDT"; }
    void take_payer(std::string_view text) { detail().detail.payer = text; }
    void take_ultimate_payer(std::string_view text)
    {
        if (detail().detail.payer.empty()) detail().detail.payer = text;
    }
    void take_payer_iban(std::string_view text) { detail().detail.payer_iban = text; }
    void take_return(std::string_view) { detail().detail.returned = true; }
    void take_return_reason(std::string_view text) { detail().detail.return_reason = text; }
    void take_text(std::string_view text) { append_text(detail().detail.text, text); }
    void take_reference(std::string_view text)
    {
        auto& references = detail().detail.references;
        auto reference = domain::normalised_reference(text);
        if (reference.empty() || references.size() == references_kept || std::ranges::find(references, reference) != references.end())
            return;
        references.push_back(std::move(reference));
    }

    Told told(std::string_view text) const { return {currency_, minor_units(text)}; }

    static std::optional<std::int64_t> number(std::string_view digits)
    {
        std::int64_t value = 0;
        for (const char c : digits) value = value * 10 + (c - '0'); // at most 15 digits
        return value;
    }

    /// The civil day of a date or an instant, as the bank wrote it: its zone is the bank's.
    std::optional<domain::Date> day(std::string_view text)
    {
        const auto date = domain::date_from(text.substr(0, 10));
        if (!date) refuse(FaultCode::xsd_invalid, "no day in our calendar: " + std::string{text.substr(0, 40)}, line_);
        return date;
    }

    std::span<const domain::BankAccount> own_;
    const EntrySink& sink_;
    std::string path_{};
    std::vector<std::size_t> lengths_{};
    std::string currency_{};
    std::int64_t line_{0};
    std::optional<domain::Date> created_on_{};
    bool paged_{false};
    BankStatement statement_{};
    std::string account_{};
    std::string account_currency_{};
    ToldBalance balance_{};
    std::optional<std::int64_t> opening_{};
    std::optional<std::int64_t> closing_{};
    std::optional<std::int64_t> entries_told_{};
    std::int64_t entries_{0};
    std::int64_t booked_sum_{0};
    ToldEntry entry_{};
};

const std::unordered_map<std::string_view, Camt::Taker>& Camt::takers()
{
#define REPORT "/Document/R/N/"
#define DETAIL REPORT "Ntry/NtryDtls/TxDtls/"
    static const std::unordered_map<std::string_view, Taker> all{
        {"/Document/R/GrpHdr/CreDtTm", &Camt::take_created},
        {"/Document/R/GrpHdr/MsgPgntn/PgNb", &Camt::take_page},
        {"/Document/R/GrpHdr/MsgPgntn/LastPgInd", &Camt::take_last_page},
        {REPORT "Id", &Camt::take_statement_id},
        {REPORT "StmtPgntn/PgNb", &Camt::take_page},
        {REPORT "StmtPgntn/LastPgInd", &Camt::take_last_page},
        {REPORT "NtfctnPgntn/PgNb", &Camt::take_page},
        {REPORT "NtfctnPgntn/LastPgInd", &Camt::take_last_page},
        {REPORT "CreDtTm", &Camt::take_statement_created},
        {REPORT "FrToDt/FrDtTm", &Camt::take_from},
        {REPORT "FrToDt/ToDtTm", &Camt::take_through},
        {REPORT "Acct/Id/IBAN", &Camt::take_iban},
        {REPORT "Acct/Ccy", &Camt::take_currency},
        {REPORT "Acct", &Camt::take_account},
        {REPORT "Bal/Tp/CdOrPrtry/Cd", &Camt::take_balance_code},
        {REPORT "Bal/Amt", &Camt::take_balance_amount},
        {REPORT "Bal/CdtDbtInd", &Camt::take_balance_direction},
        {REPORT "Bal", &Camt::take_balance},
        {REPORT "TxsSummry/TtlNtries/NbOfNtries", &Camt::take_entries_told},
        {"/Document/R/N", &Camt::end_statement},
        {REPORT "Ntry/Amt", &Camt::take_amount},
        {REPORT "Ntry/CdtDbtInd", &Camt::take_direction},
        {REPORT "Ntry/RvslInd", &Camt::take_reversal},
        {REPORT "Ntry/Sts", &Camt::take_status},
        {REPORT "Ntry/Sts/Cd", &Camt::take_status},
        {REPORT "Ntry/BookgDt/Dt", &Camt::take_booked_on},
        {REPORT "Ntry/BookgDt/DtTm", &Camt::take_booked_on},
        {REPORT "Ntry/ValDt/Dt", &Camt::take_valued_on},
        {REPORT "Ntry/ValDt/DtTm", &Camt::take_valued_on},
        {REPORT "Ntry/AcctSvcrRef", &Camt::take_entry_reference},
        {REPORT "Ntry/AddtlNtryInf", &Camt::take_entry_text},
        {REPORT "Ntry", &Camt::end_entry},
        {REPORT "Ntry/NtryDtls/Btch/NbOfTxs", &Camt::take_count},
        {REPORT "Ntry/NtryDtls/Btch/TtlAmt", &Camt::take_total},
        {REPORT "Ntry/NtryDtls/Btch/CdtDbtInd", &Camt::take_total_direction},
        {DETAIL "Refs/AcctSvcrRef", &Camt::take_detail_reference},
        {DETAIL "Refs/EndToEndId", &Camt::take_end_to_end_id},
        {DETAIL "Amt", &Camt::take_detail_amount},
        {DETAIL "CdtDbtInd", &Camt::take_detail_direction},
        {DETAIL "RltdPties/Dbtr/Nm", &Camt::take_payer},
        {DETAIL "RltdPties/Dbtr/Pty/Nm", &Camt::take_payer},
        {DETAIL "RltdPties/Dbtr/Agt/FinInstnId/Nm", &Camt::take_payer},
        {DETAIL "RltdPties/UltmtDbtr/Nm", &Camt::take_ultimate_payer},
        {DETAIL "RltdPties/UltmtDbtr/Pty/Nm", &Camt::take_ultimate_payer},
        {DETAIL "RltdPties/DbtrAcct/Id/IBAN", &Camt::take_payer_iban},
        {DETAIL "RmtInf/Ustrd", &Camt::take_text},
        {DETAIL "RmtInf/Strd/AddtlRmtInf", &Camt::take_text},
        {DETAIL "RmtInf/Strd/CdtrRefInf/Ref", &Camt::take_reference},
        {DETAIL "RtrInf/Rsn/Cd", &Camt::take_return_reason},
        {DETAIL "RtrInf", &Camt::take_return},
    };
#undef DETAIL
#undef REPORT
    return all;
}

void Camt::take_account(std::string_view)
{
    std::ranges::transform(account_, account_.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    const auto found = std::ranges::find_if(
        own_, [&](const auto& each) { return !account_.empty() && (each.iban == account_ || each.qr_iban == account_); });
    if (found == own_.end())
        return refuse(
            FaultCode::unknown_account, account_.empty() ? "the account has no IBAN" : account_ + " is no account of ours", line_);
    statement_.iban = found->iban;
    statement_.currency = found->currency;
    if (!account_currency_.empty() && account_currency_ != domain::to_text(found->currency))
        refuse(FaultCode::account_currency,
            "the account is in " + account_currency_ + ", configured in " + std::string{domain::to_text(found->currency)}, line_);
}

void Camt::take_balance(std::string_view)
{
    if (balance_.code != "OPBD" && balance_.code != "CLBD") return;
    if (balance_.amount.currency != domain::to_text(statement_.currency))
        return refuse(FaultCode::account_currency, "a balance is in " + balance_.amount.currency, line_);
    if (!balance_.amount.minor)
        return refuse(FaultCode::amount_precision, "a balance is not in whole rappen or cents, or too large", line_);
    (balance_.code == "OPBD" ? opening_ : closing_) = with_sign(*balance_.amount.minor, balance_.credit);
}

void Camt::end_entry(std::string_view)
{
    auto fault = fault_of(entry_, statement_.currency);
    if (!fault && entry_.entry.booked
        && __builtin_add_overflow(booked_sum_, with_sign(*entry_.amount.minor, entry_.entry.credit), &booked_sum_))
        fault = EntryFault{FaultCode::sum_mismatch, "the entries add up to more than can be booked"};
    if (fault) return refuse(fault->code, fault->detail, entry_.line, file.entries);
    const auto told_on = entry_.booked_on ? entry_.booked_on : entry_.valued_on ? entry_.valued_on : created_on_;
    entry_.entry.booked_on = told_on.value_or(domain::Date{}); // GrpHdr/CreDtTm is mandatory
    entry_.entry.valued_on = entry_.valued_on.value_or(entry_.entry.booked_on);
    sink_(statement_, finished(std::move(entry_), statement_.currency));
}

void Camt::end_statement(std::string_view)
{
    file.statements.push_back(statement_);
    if (paged_) return; // counts and balances are of all pages together
    if (entries_told_ && *entries_told_ != entries_)
        return refuse(FaultCode::count_mismatch,
            "the statement tells of " + std::to_string(*entries_told_) + " entries and holds " + std::to_string(entries_), line_);
    if (!opening_ || !closing_) return;
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(*opening_, booked_sum_, &sum) && sum == *closing_) return;
    const auto text = [&](std::int64_t minor) { return domain::to_text(domain::Money{minor, statement_.currency}); };
    refuse(FaultCode::balance_mismatch, "opening balance and entries make " + text(sum) + ", the closing balance is " + text(*closing_),
        line_);
}

} // namespace

CamtFile read_camt(const ByteSource& source, const XmlLimits& limits, std::span<const domain::BankAccount> own, const EntrySink& sink)
{
    Camt camt{own, sink};
    if (auto fault = read_xml(source, limits, accepted, camt)) camt.file.fault = std::move(fault); // of form: comes before content
    return std::move(camt.file);
}

std::optional<std::int64_t> minor_units(std::string_view text)
{
    text = trimmed(text);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    std::int64_t value = 0;
    const auto append = [&](char digit) {
        if (value <= largest_amount) value = value * 10 + (digit - '0');
    };
    for (const char digit : whole) append(digit);
    for (std::size_t i = 0; i < 2; ++i) append(i < fraction.size() ? fraction[i] : '0');
    if (fraction.size() > 2 && fraction.find_first_not_of('0', 2) != std::string_view::npos) return std::nullopt;
    if (value > largest_amount) return std::nullopt;
    return negative ? -value : value;
}

} // namespace bank
