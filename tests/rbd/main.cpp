#define BOOST_TEST_MODULE rbd
#include <boost/test/unit_test.hpp>
