#include "ovh_site.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/wait.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <thread>

using namespace site;

namespace {

namespace bdata = boost::unit_test::data;

constexpr int done = 0, refused = 1, usage = 2, not_logged_in = 3, not_found = 4, conflict = 5, temporary = 6, needs_human = 8;

const std::string configured = " --set dedicated_datacenter=zrh --set dedicated_os=debian12_64 --set region=europe";

struct Run {
    int exit{-1}; ///< 128 and the signal if it was killed
    std::string out{};
    std::string err{};

    /// At a dotted path of the JSON that it printed.
    std::string at(const std::string& path) const { return Answer{.body = out}.at(path); }
};

std::string content_of(const std::string& file)
{
    std::ostringstream content;
    content << std::ifstream{file}.rdbuf();
    return content.str();
}

/// The command line of somebody with a home, an ovh.conf and a journal of their own.
class Shell {
public:
    explicit Shell(const ApiKey& key, std::string base = environment("TEST_TLS_URL")) : base_{std::move(base)}
    {
        static int number = 0;
        folder_ = environment("TEST_VAR") + "/ovh-order." + std::to_string(++number);
        std::filesystem::create_directories(folder_);
        write("ovh.conf",
            "[default]\nendpoint=" + endpoint() + "\n[" + endpoint() + "]\napplication_key=" + key.application_key + "\napplication_secret="
                + key.application_secret + "\n" + (key.consumer_key.empty() ? "" : "consumer_key=" + key.consumer_key + "\n"));
    }

    std::string endpoint() const { return base_ + "/1.0"; }
    std::string file(const std::string& name) const { return folder_ + '/' + name; }

    void write(const std::string& name, const std::string& content) const
    {
        std::ofstream{file(name)} << content;
        std::filesystem::permissions(file(name), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }

    /// `prefix` runs the program: "timeout -s KILL 0.1".
    Run run(const std::string& arguments, const std::string& prefix = "") const
    {
        const auto program = std::filesystem::canonical(environment("BUILD") + "/bin/ovh-order").string();
        const auto status = std::system(("cd " + folder_ + " && env -i HOME=" + folder_ + " PATH=/usr/bin:/bin OVH_CA_FILE="
            + environment("TEST_VAR") + "/tls/cert.pem " + prefix + ' ' + program + ' ' + arguments + " </dev/null >out 2>err")
                                            .c_str());
        return {.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            .out = content_of(file("out")),
            .err = content_of(file("err"))};
    }

private:
    std::string base_;
    std::string folder_;
};

/// Runs it and expects this exit.
Run expect(int exit, const Shell& shell, const std::string& arguments)
{
    auto run = shell.run(arguments);
    BOOST_TEST(run.exit == exit, arguments << " ended with " << run.exit << '\n' << run.out << run.err);
    return run;
}

int orders_of(const ApiKey& key)
{
    const auto list = OvhClient{.key = key}.get("/me/order").json();
    return static_cast<int>(json_array_size(list.get()));
}

/// The commands that a refusal proposes, each as its arguments.
std::vector<std::string> proposed(const Run& run)
{
    std::istringstream lines{Answer{.body = run.err.substr(std::min(run.err.find("{\"error\""), run.err.size()))}.at("remedy")};
    std::vector<std::string> commands;
    for (std::string line; std::getline(lines, line);) {
        BOOST_TEST(line.starts_with("ovh-order "), line);
        commands.push_back(line.substr(line.find(' '), line.find("   (or ") - line.find(' ')));
    }
    return commands;
}

/// Words that begin with "--" in the help of the command, and the commands below it.
struct Help {
    std::set<std::string> options{};
    std::vector<std::string> commands{};
};

Help help_of(const Shell& shell, const std::string& command)
{
    Help help;
    std::istringstream lines{shell.run(command + " --help").out};
    std::string section;
    for (std::string line; std::getline(lines, line);) {
        if (line.ends_with(':') && !line.starts_with(' ')) section = line;
        std::istringstream words{line};
        std::string word;
        words >> word;
        if (section == "Options:" && word.starts_with("-")) help.options.insert(word.substr(word.rfind("--")));
        if (section == "Subcommands:" && line.starts_with("  ") && line.size() > 2 && line[2] != ' ')
            help.commands.push_back((command.empty() ? "" : command + ' ') + word);
    }
    return help;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_order)

// O21, ovhcloud-cli 247: an order's number led nowhere without a browser.
BOOST_DATA_TEST_CASE(the_eight_steps_lead_to_a_server, bdata::make({"TEST_TLS_URL", "TEST_URL"}), base)
{
    const auto key = api_key(member_with_card());
    const Shell shell{key, environment(base)};
    const auto cart = expect(done, shell, "cart new --description 'eight steps'").at("cartId");
    BOOST_TEST(expect(done, shell, "catalog core-1").at("0.planCode") == "core-1");
    const auto added = expect(done, shell, "add " + cart + " core-1 --cheapest");
    const auto item = added.at("0.itemId");
    BOOST_TEST(added.at("1.parentItemId") == item);

    // What is missing is told with the commands that set it, and they do.
    expect(done, shell, "assign " + cart);
    const auto incomplete = expect(refused, shell, "preview " + cart);
    BOOST_TEST(incomplete.err.find("ovh-order configure " + cart + ' ' + item + " dedicated_os=") != std::string::npos, incomplete.err);
    BOOST_TEST(incomplete.at("valid") == "false");
    expect(done, shell, "configure " + cart + ' ' + item + " dedicated_os=none_64.en dedicated_datacenter=zrh region=europe");
    BOOST_TEST(expect(done, shell, "configure " + cart + ' ' + item + " dedicated_os=debian12_64").out.find("none_64.en\",\"required")
        == std::string::npos);
    expect(done, shell, "assign " + cart); // twice is harmless
    const auto preview = expect(done, shell, "preview " + cart);
    BOOST_TEST(preview.at("valid") == "true");
    BOOST_TEST(!preview.at("setup.text").empty());

    const auto order = expect(done, shell, "checkout " + cart + " --yes --auto-pay --wait 60");
    BOOST_TEST(order.at("status") == "delivered", order.out << order.err);
    BOOST_TEST(!order.at("servers.0").empty());
    BOOST_TEST(order.at("priceWithTax.priceInUcents") == preview.at("withTax.priceInUcents"));

    const auto number = order.at("orderId");
    expect(conflict, shell, "checkout " + cart + " --yes --auto-pay");
    BOOST_TEST(expect(done, shell, "cart show " + cart).at("orderId") == number);
    BOOST_TEST(expect(done, shell, "order list").at("0.orderId") == number);
    BOOST_TEST(expect(done, shell, "order show " + number).at("servers.0") == order.at("servers.0"));
    expect(done, shell, "order follow " + number);
    BOOST_TEST(expect(done, shell, "cart clean --yes").out == "[]\n");
    BOOST_TEST(orders_of(key) == 1);
}

BOOST_AUTO_TEST_CASE(what_a_refused_checkout_proposes_makes_the_next_one_succeed)
{
    const auto key = api_key(member_with_card());
    const Shell shell{key};
    const auto cart = expect(done, shell, "cart new").at("cartId");
    expect(done, shell, "add " + cart + " core-1");
    expect(refused, shell, "checkout " + cart + " --yes --auto-pay --max-total 1.00");
    const auto commands = proposed(expect(refused, shell, "checkout " + cart + " --yes --auto-pay"));
    BOOST_TEST(commands.size() >= 4u); // two labels, and options of two families at least
    for (const auto& command : commands) expect(done, shell, command);
    BOOST_TEST(expect(done, shell, "checkout " + cart + " --yes --auto-pay --wait 60").at("status") == "delivered");
    BOOST_TEST(orders_of(key) == 1);
}

BOOST_AUTO_TEST_CASE(one_command_goes_all_the_way)
{
    const auto key = api_key(member_with_card());
    const Shell shell{key};
    const auto order = expect(done, shell, "order dedicated core-1 --cheapest --quantity 2 --yes --auto-pay --wait 60" + configured);
    BOOST_TEST(order.at("status") == "delivered");
    BOOST_TEST((!order.at("servers.0").empty() && !order.at("servers.1").empty()), order.out);
    BOOST_TEST(orders_of(key) == 1);
    // The command that `options` prints does as well.
    const auto command = expect(done, shell, "options core-2").at("orderCommand");
    BOOST_TEST_REQUIRE(command.starts_with("ovh-order "));
    expect(done, shell, command.substr(10) + " --yes --auto-pay --wait 60");
    BOOST_TEST(orders_of(key) == 2);
}

// terraform 741, 985, 1118: a run that fails leaves an order behind, and the next one orders again.
BOOST_AUTO_TEST_CASE(killed_anywhere_and_resumed_it_is_one_order)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::minstd_rand random{seed};
    int killed = 0, resumed = 0;
    for (int round = 0; round < 8 || (resumed == 0 && round < 40); ++round) { // a slow machine has to be killed later
        const auto key = api_key(member_with_card());
        const Shell shell{key};
        const auto command = "order dedicated mini-1 --yes --auto-pay --wait 60" + configured;
        const auto milliseconds = std::uniform_int_distribution{30, round < 8 ? 900 : 5000}(random);
        const auto seconds = std::to_string(milliseconds / 1000) + '.' + std::to_string(1000 + milliseconds % 1000).substr(1);
        const auto first = shell.run(command, "timeout -s KILL " + seconds);
        killed += first.exit == 137;
        const bool has_journal = std::filesystem::exists(shell.file(".local/state/ovh-order"));
        if (first.exit == 137 && has_journal) {
            const auto again = shell.run("order dedicated --resume --yes --auto-pay --wait 60");
            resumed += again.exit == done;
            if (again.exit == not_found) expect(done, shell, command); // it was over, or had not begun
            else BOOST_TEST(again.exit == done, "killed after " << milliseconds << " ms: " << again.out << again.err);
        } else if (first.exit == 137) {
            expect(done, shell, command);
        } else {
            BOOST_TEST(first.exit == done, first.out << first.err);
        }
        BOOST_TEST(orders_of(key) == 1, "killed after " << milliseconds << " ms");
    }
    BOOST_TEST_MESSAGE(killed << " killed, " << resumed << " resumed");
    BOOST_TEST(resumed > 0);
}

// O21, O22: nor could it be paid. What was not paid at once is paid later, by the way that is named.
BOOST_AUTO_TEST_CASE(an_order_without_payment_waits_and_is_paid_by_a_choice)
{
    const auto key = api_key(member_with_card());
    const Shell shell{key};
    const auto waiting = expect(needs_human, shell, "order dedicated mini-1 --yes --pay-later" + configured);
    BOOST_TEST(waiting.at("status") == "notPaid");
    const auto number = waiting.at("orderId");
    BOOST_TEST(waiting.err.find("next: `ovh-order order pay " + number + '`') != std::string::npos, waiting.err);
    BOOST_TEST(expect(done, shell, "order show " + number).at("nextStep") == "`ovh-order order pay " + number + '`');
    expect(conflict, shell, "order dedicated mini-1 --yes --pay-later" + configured); // it is under way
    const auto undecided = expect(usage, shell, "order pay " + number);
    const auto way = undecided.err.find("--method ");
    BOOST_TEST_REQUIRE(way != std::string::npos);
    BOOST_TEST(shell.run("order pay " + number + " --preferred").exit != refused);
    BOOST_TEST(expect(done, shell, "order follow " + number + " --wait 60").at("status") == "delivered");
    expect(done, shell, "order dedicated --resume --yes --auto-pay --wait 60"); // and the purchase ends
    expect(not_found, shell, "order dedicated --resume");
    BOOST_TEST(orders_of(key) == 1);
}

BOOST_AUTO_TEST_CASE(login_gets_a_key_for_orders_and_no_more)
{
    const auto member = member_with_card();
    auto application = api_key(member);
    application.consumer_key.clear();
    const Shell shell{application};
    expect(not_logged_in, shell, "login --check");

    // The member opens the address that is shown, and accepts.
    std::string told;
    at_once(2, [&](int who) {
        if (who == 0) shell.run("login --wait 30");
        else
            for (int look = 0; look < 300 && told.empty(); ++look) {
                const auto notes = content_of(shell.file("err"));
                if (const auto at = notes.find("credentialToken="); at != std::string::npos && notes.find('\n', at) != std::string::npos)
                    told = notes.substr(at + 16, notes.find('\n', at) - at - 16);
                else std::this_thread::sleep_for(std::chrono::milliseconds{100});
                if (!told.empty()) member.send("POST", "/api-keys/requests/accept", R"({"token":")" + told + R"(","duration":"P1D"})");
            }
    });
    BOOST_TEST(!told.empty());
    const auto account = expect(done, shell, "login --check");
    BOOST_TEST(account.at("nichandle") == member.name);
    const auto conf = content_of(shell.file("ovh.conf"));
    BOOST_TEST(conf.find("consumer_key=") != std::string::npos);
    const auto permissions = std::filesystem::status(shell.file("ovh.conf")).permissions();
    const bool is_private = permissions == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    BOOST_TEST(is_private);

    const auto consumer_key = conf.substr(conf.find("consumer_key=") + 13, 32);
    application.consumer_key = consumer_key;
    const OvhClient client{.key = application};
    BOOST_TEST(client.get("/me/order").status == 200);
    BOOST_TEST(client.get("/me/api/credential").status == 403);
    expect(done, shell, "order dedicated mini-1 --yes --auto-pay --wait 60" + configured);
}

BOOST_AUTO_TEST_CASE(each_mistake_has_its_own_end)
{
    const auto member = member_with_card();
    const auto key = api_key(member);
    const Shell shell{key};
    expect(usage, shell, "");
    expect(usage, shell, "order dedicated mini-1" + configured);                  // nobody agrees
    expect(usage, shell, "order dedicated mini-1 --yes" + configured);            // nobody says how it is paid
    expect(usage, shell, "order dedicated core-1 --yes --auto-pay" + configured); // a mandatory family
    expect(usage, shell, "order dedicated mini-1 --yes --auto-pay --duration P5M");
    expect(usage, shell, "order dedicated mini-1 --yes --auto-pay --set region=mars");
    expect(usage, shell, "--endpoint ovh-mars cart list");
    expect(not_found, shell, "order dedicated no-such-plan --yes --auto-pay");
    expect(not_found, shell, "cart show 01a22770-d876-7caa-b43b-9f93dd5af236");
    expect(not_found, shell, "order show 1");
    const auto limited = expect(refused, shell, "order dedicated mini-1 --yes --auto-pay --max-total 1.00" + configured);
    BOOST_TEST(limited.err.find("--max-total") != std::string::npos);
    const auto unset = expect(refused, shell, "order dedicated mini-1 --yes --auto-pay");
    BOOST_TEST(unset.err.find("ovh-order configure ") != std::string::npos);
    expect(temporary, shell, "--endpoint http://127.0.0.1:1/1.0 --subsidiary FR catalog");

    auto wrong = key;
    wrong.application_secret.back() = wrong.application_secret.back() == 'a' ? 'b' : 'a';
    expect(not_logged_in, Shell{wrong}, "cart list");
    wrong = key;
    wrong.consumer_key.clear();
    expect(not_logged_in, Shell{wrong}, "cart list");
    expect(not_found, Shell{api_key(fresh_member())}, "order show 1");
    const Shell poor{api_key(fresh_member())};
    BOOST_TEST(
        expect(refused, poor, "order dedicated mini-1 --yes --auto-pay" + configured).err.find("payment method") != std::string::npos);
    BOOST_TEST(orders_of(key) == 0);
}

BOOST_AUTO_TEST_CASE(nothing_secret_is_ever_printed)
{
    const auto key = api_key(member_with_card());
    const Shell shell{key};
    for (const char* arguments : {"--verbose login --check", "--verbose cart list", "--verbose catalog", "--verbose order show 1"}) {
        const auto run = shell.run(arguments);
        for (const auto& secret : {key.application_secret, key.consumer_key})
            BOOST_TEST((run.out + run.err).find(secret) == std::string::npos, arguments);
    }
}

BOOST_AUTO_TEST_CASE(man_page_and_completion_know_every_command_and_option)
{
    const Shell shell{api_key(fresh_member())};
    const auto page = content_of("tools/packaging/ovh-order.1"), completion = content_of("tools/packaging/ovh-order.bash");
    std::vector<std::string> commands{""};
    int options = 0;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const auto command = commands[i];
        const auto help = help_of(shell, command);
        commands.insert(commands.end(), help.commands.begin(), help.commands.end());
        const auto completed = site::shell("bash -c '. tools/packaging/ovh-order.bash; COMP_WORDS=(ovh-order " + command
            + " \"\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _ovh_order; echo \" ${COMPREPLY[*]} \"'");
        for (const auto& option : help.options) {
            ++options;
            BOOST_TEST(completed.find(' ' + option + ' ') != std::string::npos, "completion of " << command << ' ' << option);
            BOOST_TEST(page.find("Fl " + option.substr(1)) != std::string::npos, "man page: " << command << ' ' << option);
        }
        for (const auto& below : help.commands) {
            const auto word = below.substr(below.rfind(' ') + 1);
            BOOST_TEST(completed.find(' ' + word + ' ') != std::string::npos, "completion of " << below);
            BOOST_TEST(page.find(".Cm " + below) != std::string::npos, "man page: " << below);
        }
        BOOST_TEST(shell.run(command + " --help").exit == done);
    }
    BOOST_TEST(commands.size() == 20U);
    BOOST_TEST(options > 60);
    if (std::system("command -v mandoc >/dev/null") == 0)
        BOOST_TEST(std::system("mandoc -T lint -W warning tools/packaging/ovh-order.1") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
