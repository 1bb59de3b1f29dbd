#pragma once
#include <ostream>

namespace CLI {
class App;
}

namespace app {

// The commands of `uncloud`. Each function adds a group of them to the command line; one that runs reads the configuration, opens the
// database and prints to `out`. They throw what the services throw and std::invalid_argument for arguments that make no sense; `status`
// is set to what the program ends with by those that find something without throwing.

/// migrate, demo: the schema, and data of the sandbox.
void add_schema_commands(CLI::App& cli, std::ostream& out);

/// member, approve: the members, and their applications for payment on bill.
void add_member_commands(CLI::App& cli, std::ostream& out);

/// price: the price list.
void add_price_commands(CLI::App& cli, std::ostream& out);

/// job: the worker's jobs.
void add_job_commands(CLI::App& cli, std::ostream& out);

/// order: orders that cannot be delivered.
void add_order_commands(CLI::App& cli, std::ostream& out);

/// report: sql/reports.
void add_report_commands(CLI::App& cli, std::ostream& out);

/// webhook: the card gateway's way to us.
void add_webhook_commands(CLI::App& cli, std::ostream& out);

/// config: the configuration.
void add_config_commands(CLI::App& cli, std::ostream& out);

/// mail: the mails to members.
void add_mail_commands(CLI::App& cli, std::ostream& out);

/// run, runs: billing. `terminal`: progress is shown to a person; else one JSON object a line. `status` 1: members could not be billed.
void add_run_commands(CLI::App& cli, std::ostream& out, bool terminal, int& status);

/// credit-note, credit, payments, refund: what a member gets back.
void add_correction_commands(CLI::App& cli, std::ostream& out);

/// ledger, verify: the books. `status` 1: verify found something.
void add_ledger_commands(CLI::App& cli, std::ostream& out, int& status);

/// bank: files in, decisions, payouts out.
void add_bank_commands(CLI::App& cli, std::ostream& out);

/// bank payout; `bank` is the group that it is in.
void add_bank_payout_commands(CLI::App& bank, std::ostream& out);

/// plan: dedicated servers and their options.
void add_plan_commands(CLI::App& cli, std::ostream& out);

/// server: the servers of our own stock.
void add_server_commands(CLI::App& cli, std::ostream& out);

/// supplier: servers that others deliver.
void add_supplier_commands(CLI::App& cli, std::ostream& out);

/// sandbox: what goes wrong on purpose; all throw domain::Refusal not_in_production elsewhere.
void add_sandbox_commands(CLI::App& cli, std::ostream& out);

/// vat: rates, and questions to VIES.
void add_vat_commands(CLI::App& cli, std::ostream& out);

/// vpn: pools and the server's peers. `status` 1: they differ.
void add_vpn_commands(CLI::App& cli, std::ostream& out, int& status);

/// snapshot: members' snapshots.
void add_snapshot_commands(CLI::App& cli, std::ostream& out);

/// api-key: keys of the cart API.
void add_api_key_commands(CLI::App& cli, std::ostream& out);

/// cluster, pool: storage systems, and their parts that hold images.
void add_cluster_commands(CLI::App& cli, std::ostream& out);

/// host: what runs machines.
void add_host_commands(CLI::App& cli, std::ostream& out);

/// image, vm: where machines are. `status` 1: something is left that does not agree.
void add_machine_commands(CLI::App& cli, std::ostream& out, int& status);

} // namespace app
