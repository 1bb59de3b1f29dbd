#include "api/scenario_answer.h"
#include "api/scenario_reader.h"

#include <cstdlib>
#include <iostream>
#include <iterator>

/// Reads one billing scenario as JSON from standard input and writes what it comes to: no database, no clock.
/// Exit status: 0 answered, 1 the scenario is not valid, 2 anything else.
int main()
{
    try {
        const std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
        std::cout << api::answer_text(domain::play(api::read_scenario(text))) << std::endl;
        return std::cout ? EXIT_SUCCESS : 2;
    } catch (const api::InvalidScenario& error) {
        std::cout << api::answer_text(error) << std::endl;
        return EXIT_FAILURE;
    } catch (const std::exception& error) {
        std::cerr << "billing-sim: " << error.what() << '\n';
        return 2;
    }
}
