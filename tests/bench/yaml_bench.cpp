// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and writing of many Deployments, beside libyaml, kubectl and jq. Prints the lines of a table.
#include "bench/manifests.h"
#include "bench/measure.h"
#include "object/json.h"
#include "object/list_reader.h"
#include "object/yaml.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <yaml.h>

using namespace tiphys;
using namespace tiphys::bench;
using namespace tiphys::object;

namespace {

std::vector<Value> readAll(const std::string &stream)
{
    std::vector<Value> values;
    for (const std::string_view document : splitYamlDocuments(stream)) {
        Expected<Value> value = parseYaml(document);
        if (!value)
            std::abort();
        values.push_back(std::move(*value));
    }
    return values;
}

void scanWithLibyaml(const std::string &stream)
{
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char *>(stream.data()), stream.size());
    for (bool isDone = false; !isDone;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event))
            std::abort();
        isDone = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

void line(const char *what, std::size_t bytes, const Measurement &run)
{
    const double megabytes = static_cast<double>(bytes) / 1e6;
    std::printf("| %-44s | %6.1f MB | %9.1f ms | %7.1f MB/s | %6.0f MB |\n", what, megabytes, run.milliseconds,
                megabytes / run.milliseconds * 1000, run.peakMegabytes);
}

void ratio(const char *what, const Measurement &peer, const Measurement &ours, double share = 1)
{
    if (peer.ok && ours.ok)
        std::printf("| %-44s | %.1f times as fast |\n", what, peer.milliseconds / (ours.milliseconds * share));
    else
        std::printf("| %-44s | not measured: the peer is missing or failed |\n", what);
}

std::string listJson(const std::vector<Value> &values)
{
    std::string json =
        R"({"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{"resourceVersion":"1"},"items":[)";
    for (std::size_t i = 0; i < values.size(); ++i)
        json += (i > 0 ? "," : "") + toJson(values[i]);
    return json + "]}";
}

} // namespace

int main()
{
    constexpr int kMany = 10'000;
    constexpr int kFew = 500; // for kubectl, which needs a second for them
    std::printf("| what | input | processor time | speed | peak memory |\n|---|---|---|---|---|\n");
    Measurement ours;
    std::string stream;
    for (const int count : {1'250, 2'500, 5'000, kMany}) {
        stream = deploymentsYaml(count);
        ours = measured(5, [&] { readAll(stream); });
        line(("YAML to trees, " + std::to_string(count) + " Deployments").c_str(), stream.size(), ours);
    }
    const Measurement libyaml = measured(3, [&] { scanWithLibyaml(stream); });
    line("libyaml, events only", stream.size(), libyaml);

    const std::vector<Value> values = readAll(stream);
    std::size_t kept = 0;
    for (const Value &value : values)
        kept += value.storageBytes();
    std::printf("trees of %d Deployments: %.1f MB\n", kMany, static_cast<double>(kept) / 1e6);
    const Measurement written = measured(5, [&] {
        for (const Value &value : values)
            toYaml(value);
    });
    line("trees to YAML", stream.size(), written);
    const std::string json = listJson(values);
    const Measurement printed = measured(5, [&] {
        for (const Value &value : values)
            toJson(value);
    });
    line("trees to JSON", json.size(), printed);
    const Measurement list = measured(5, [&] { parseKubernetesList(json, {.dropsManagedFields = true}).value(); });
    line("JSON list to objects", json.size(), list);

    const std::filesystem::path directory = std::filesystem::temp_directory_path() / "tiphys-yaml-bench";
    std::filesystem::create_directories(directory);
    const std::string jsonFile = (directory / "list.json").string();
    const std::string yamlFile = (directory / "few.yaml").string();
    std::ofstream(jsonFile) << json;
    std::ofstream(yamlFile) << deploymentsYaml(kFew);
    const Measurement jq = measuredCommand("jq -c '.items[]' " + jsonFile + " >/dev/null");
    line("jq -c '.items[]'", json.size(), jq);
    const Measurement kubectl =
        measuredCommand("kubectl label --local -f " + yamlFile + " x=y -o yaml >/dev/null 2>" + yamlFile + ".errors");
    line(("kubectl label --local, " + std::to_string(kFew) + " Deployments").c_str(), deploymentsYaml(kFew).size(),
         kubectl);
    std::filesystem::remove_all(directory);

    Measurement both = ours;
    both.milliseconds += written.milliseconds;
    ratio("YAML against libyaml's events", libyaml, ours);
    ratio("YAML in and out against kubectl, per object", kubectl, both, static_cast<double>(kFew) / kMany);
    ratio("JSON list against jq", jq, list);
    return 0;
}
