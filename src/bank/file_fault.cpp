#include "bank/file_fault.h"

namespace bank {

std::string_view to_text(FaultCode code)
{
    switch (code) {
    case FaultCode::xml_malformed: return "XML_MALFORMED";
    case FaultCode::dtd_forbidden: return "DTD_FORBIDDEN";
    case FaultCode::xml_too_deep: return "XML_TOO_DEEP";
    case FaultCode::too_large: return "TOO_LARGE";
    case FaultCode::namespace_unsupported: return "NAMESPACE_UNSUPPORTED";
    case FaultCode::xsd_invalid: return "XSD_INVALID";
    case FaultCode::unknown_account: return "UNKNOWN_ACCOUNT";
    case FaultCode::account_currency: return "ACCOUNT_CURRENCY";
    case FaultCode::tx_currency: return "TX_CURRENCY";
    case FaultCode::amount_precision: return "AMOUNT_PRECISION";
    case FaultCode::amount_missing: return "AMOUNT_MISSING";
    case FaultCode::count_mismatch: return "COUNT_MISMATCH";
    case FaultCode::sum_mismatch: return "SUM_MISMATCH";
    case FaultCode::balance_mismatch: return "BALANCE_MISMATCH";
    }
    return {};
}

std::string_view remedy_of(FaultCode code)
{
    switch (code) {
    case FaultCode::xml_malformed: return "Fetch the file from the bank again; it must be sent as it came.";
    case FaultCode::dtd_forbidden: return "No bank sends a document type; do not import files of other origin.";
    case FaultCode::xml_too_deep: return "No bank nests like this; do not import files of other origin.";
    case FaultCode::too_large: return "Import large files with `uncloud bank import`; what it takes is a setting, [bank] max_file_mib.";
    case FaultCode::namespace_unsupported: return "Order camt.053 or camt.054 of version 001.04 or 001.08 from the bank.";
    case FaultCode::xsd_invalid: return "The file does not follow the standard: ask the bank for a correct one.";
    case FaultCode::unknown_account: return "Import only files of accounts that the configuration lists.";
    case FaultCode::account_currency:
    case FaultCode::tx_currency: return "Compare the account's currency in the configuration with the bank's.";
    case FaultCode::amount_precision: return "Only whole rappen or cents can be booked: ask the bank.";
    case FaultCode::amount_missing:
    case FaultCode::count_mismatch:
    case FaultCode::sum_mismatch:
    case FaultCode::balance_mismatch: return "Something is missing in the file: fetch it from the bank again, else ask the bank.";
    }
    return {};
}

std::string to_text(const FileFault& fault)
{
    std::string text{to_text(fault.code)};
    if (fault.line > 0) text += " in line " + std::to_string(fault.line);
    if (fault.entry > 0) text += (fault.line > 0 ? ", entry " : " in entry ") + std::to_string(fault.entry);
    return text + ": " + fault.detail + ". " + std::string{remedy_of(fault.code)};
}

} // namespace bank
