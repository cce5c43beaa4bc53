#pragma once
// What --help prints.

#include <string_view>

namespace mobilytics::sensor {

inline constexpr std::string_view kHelp =
    R"(mobilytics-sensor: hears phones, tells the platform, keeps no address.

Usage:
  mobilytics-sensor run     [OPTIONS]   listens to radios, and sends what it hears
  mobilytics-sensor replay  [OPTIONS]   sends recorded captures, as if they were heard
  mobilytics-sensor enroll  [OPTIONS]   joins a company, by a claim code
  mobilytics-sensor status  [OPTIONS]   says who it is and what waits to be sent
  mobilytics-sensor --help | --version

All commands:
  --state DIR       credentials and reports that wait; default $XDG_STATE_HOME/mobilytics-sensor,
                    or ./mobilytics-sensor where that is not set
  --config FILE     settings in TOML; MOBILYTICS_SECTION_KEY in the environment goes over it

run:
  --interface NAME  Wi-Fi interface able of monitor mode (needs CAP_NET_RAW and CAP_NET_ADMIN)
  --channels LIST   to hop over; default 1,6,11
  --bluetooth NAME  Bluetooth controller, for example hci0
  --pcap FROM...    frames that another program hears and writes: a FIFO, or - for standard input;
                    stamped by this machine's clock, pcap, pcapng or btsnoop
  --positions FROM  gpsd:HOST:PORT, /dev/ttyUSB0@9600, or a file
  --opt-out FILE    addresses that are never counted, one a line
  --print-config    prints the settings in force, and ends

replay:
  --pcap FILE...    Wi-Fi or BLE captures: pcap or pcapng, with radiotap or a BLE link layer
  --ble FILE...     BLE captures: pcap, pcapng, btsnoop
  --gps FILE...     positions: GPX, NMEA 0183, CSV, or gpsd's JSON
  --server URL      joins first, if it has not: http://HOST:8080
  --claim CODE      with this code
  --speed N|max     N times as fast as it was; default max
  --keep-time       keeps the times of the capture; else they are shifted so that its end is now,
                    spacing kept
  --wait SECONDS    gives up when nothing is acknowledged for so long; default 60
  --quiet           no progress

enroll:
  --server URL      the platform, http://HOST:8080 or https://HOST
  --claim CODE      XXXXX-XXXXX-PPPPP-PPPPP, from the dashboard

status:
  --json            for programs

Exit codes: 0 done; 1 failed; 2 wrong usage; 3 not enrolled; 4 enrolment refused; 5 not all was
acknowledged in time (it is kept, and sent at the next start); 6 a source cannot be opened.
SIGTERM and SIGINT stop it cleanly: what was heard is on disk before it ends.
)";

}  // namespace mobilytics::sensor
