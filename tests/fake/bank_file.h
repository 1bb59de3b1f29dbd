#pragma once
#include <string>
#include <vector>

// Bank files to try the product on: camt.053 and camt.054, version 001.08, with just the elements that matter.
namespace fake {

inline const std::string bank_iban = "CH7189999000000012345"; ///< CHF
inline const std::string euro_iban = "CH7389999000000067890";

/// One TxDtls; empty texts are left out.
struct BankDetail {
    std::string key{};
    std::string amount{}; ///< "5.00"
    std::string reference{};
    std::string direction{};
    std::string currency{"CHF"};
    std::string extra{}; ///< further elements behind RmtInf
    std::string payer{};
    std::string payer_iban{};
    std::string end_to_end_id{};
    std::string text{};

    std::string xml() const
    {
        std::string xml = "<TxDtls>";
        std::string refs;
        if (!key.empty()) refs += "<AcctSvcrRef>" + key + "</AcctSvcrRef>";
        if (!end_to_end_id.empty()) refs += "<EndToEndId>" + end_to_end_id + "</EndToEndId>";
        if (!refs.empty()) xml += "<Refs>" + refs + "</Refs>";
        if (!amount.empty()) xml += "<Amt Ccy=\"" + currency + "\">" + amount + "</Amt>";
        if (!direction.empty()) xml += "<CdtDbtInd>" + direction + "</CdtDbtInd>";
        std::string parties;
        if (!payer.empty()) parties += "<Dbtr><Pty><Nm>" + payer + "</Nm></Pty></Dbtr>";
        if (!payer_iban.empty()) parties += "<DbtrAcct><Id><IBAN>" + payer_iban + "</IBAN></Id></DbtrAcct>";
        if (!parties.empty()) xml += "<RltdPties>" + parties + "</RltdPties>";
        std::string remittance;
        if (!text.empty()) remittance += "<Ustrd>" + text + "</Ustrd>";
        if (!reference.empty()) remittance += "<Strd><CdtrRefInf><Ref>" + reference + "</Ref></CdtrRefInf></Strd>";
        if (!remittance.empty()) xml += "<RmtInf>" + remittance + "</RmtInf>";
        return xml + extra + "</TxDtls>";
    }
};

/// One Ntry.
struct BankEntry {
    std::string key{};
    std::string amount{};
    std::vector<BankDetail> details{};
    std::string direction{"CRDT"};
    bool reversal{false};
    std::string status{"BOOK"};
    std::string currency{"CHF"};
    std::string batch{}; ///< inside Btch
    std::string booked_on{"2026-11-20"};

    std::string xml() const
    {
        std::string text = "<Ntry><Amt Ccy=\"" + currency + "\">" + amount + "</Amt><CdtDbtInd>" + direction + "</CdtDbtInd>";
        if (reversal) text += "<RvslInd>true</RvslInd>";
        text += "<Sts><Cd>" + status + "</Cd></Sts><BookgDt><Dt>" + booked_on + "</Dt></BookgDt><ValDt><Dt>" + booked_on + "</Dt></ValDt>";
        if (!key.empty()) text += "<AcctSvcrRef>" + key + "</AcctSvcrRef>";
        text += "<BkTxCd/>";
        if (!batch.empty() || !details.empty()) {
            text += "<NtryDtls>";
            if (!batch.empty()) text += "<Btch>" + batch + "</Btch>";
            for (const auto& detail : details) text += detail.xml();
            text += "</NtryDtls>";
        }
        return text + "</Ntry>\n";
    }
};

/// One file of one account.
struct BankFile {
    std::vector<BankEntry> entries{};
    std::string iban{bank_iban};
    std::string currency{"CHF"};
    std::string id{"N-1"};
    std::string pages{};          ///< inside MsgPgntn
    std::string before_entries{}; ///< balances and summary

    std::string notification() const
    {
        return head("camt.054.001.08", "BkToCstmrDbtCdtNtfctn", "Ntfctn") + body() + "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n";
    }

    std::string statement() const
    {
        return head("camt.053.001.08", "BkToCstmrStmt", "Stmt") + body() + "</Stmt></BkToCstmrStmt></Document>\n";
    }

    static std::string balance(const std::string& code, const std::string& amount, const std::string& currency = "CHF")
    {
        return "<Bal><Tp><CdOrPrtry><Cd>" + code + "</Cd></CdOrPrtry></Tp><Amt Ccy=\"" + currency + "\">" + amount
            + "</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>\n";
    }

private:
    std::string head(const std::string& message, const std::string& root, const std::string& report) const
    {
        const auto paging = pages.empty() ? std::string{} : "<MsgPgntn>" + pages + "</MsgPgntn>";
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:" + message + "\"><" + root
            + ">\n<GrpHdr><MsgId>M-" + id + "</MsgId><CreDtTm>2026-11-20T18:00:00+01:00</CreDtTm>" + paging + "</GrpHdr>\n<" + report
            + "><Id>" + id + "</Id><Acct><Id><IBAN>" + iban + "</IBAN></Id><Ccy>" + currency + "</Ccy></Acct>\n" + before_entries;
    }

    std::string body() const
    {
        std::string text;
        for (const auto& entry : entries) text += entry.xml();
        return text;
    }
};

} // namespace fake
