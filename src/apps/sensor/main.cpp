#include "apps/sensor/commands.h"

int main(int argc, char** argv) { return mobilytics::sensor::run_command({argv + 1, argv + argc}); }
