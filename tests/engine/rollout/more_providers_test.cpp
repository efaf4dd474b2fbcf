// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/provider/aws_signature.h"
#include "rollout/provider/provider.h"

#include "object/json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

namespace tiphys::rollout::provider {
namespace {

constexpr Moment kNow = Moment::ofSeconds(1'785'000'000); // 2026-07-25T17:20:00Z

/// A metric, what is known, and the replies of a server.
struct Setting
{
    explicit Setting(std::string_view provider, std::string_view condition = "")
    {
        const auto value = object::parseJson(provider);
        EXPECT_TRUE(value) << provider;
        request.metric.name = "m";
        request.metric.interval = "10m";
        request.metric.provider = value.value_or(object::Value());
        request.metric.successCondition = condition;
    }

    Step step(std::vector<HttpReply> replies = {}) const
    {
        return nextStep({.request = request,
                         .ns = "shop",
                         .runStartedAt = kNow.plusSeconds(-60).timestamp(),
                         .now = kNow,
                         .environment = environment,
                         .secrets = secrets,
                         .replies = std::move(replies),
                         .files = files,
                         .programs = programs});
    }
    HttpCall call(std::vector<HttpReply> replies = {}) const
    {
        const Step next = step(std::move(replies));
        if (const auto *found = std::get_if<HttpCall>(&next))
            return *found;
        ADD_FAILURE() << "no call: "
                      << (std::holds_alternative<Measurement>(next) ? std::get<Measurement>(next).message : "secret");
        return {};
    }
    Measurement measurement(std::vector<HttpReply> replies = {}) const
    {
        const Step next = step(std::move(replies));
        if (const auto *found = std::get_if<Measurement>(&next))
            return *found;
        ADD_FAILURE() << "no measurement";
        return {};
    }
    std::string result(std::vector<HttpReply> replies = {}) const
    {
        const Measurement found = measurement(std::move(replies));
        return std::string(text(found.phase)) + " " + found.value + (found.message.empty() ? "" : " " + found.message);
    }

    MeasurementRequest request;
    std::map<std::string, std::string> environment;
    std::map<SecretNeed, SecretValues> secrets;
    std::map<std::string, std::optional<std::string>> files;
    std::map<std::string, ProgramAnswer> programs;
};

HttpReply ok(std::string body)
{
    return {.status = 200, .body = std::move(body), .error = {}};
}

using Headers = std::vector<std::pair<std::string, std::string>>;

Setting datadog(std::string_view config, std::string_view condition = "")
{
    Setting setting("{\"datadog\":" + std::string(config) + "}", condition);
    setting.secrets[{"", "datadog"}] = {{"address", "https://dd"}, {"api-key", "a"}, {"app-key", "b"}};
    return setting;
}

TEST(Datadog, AsksVersionOneWithSecondsOfTheInterval)
{
    const HttpCall call = datadog(R"({"query":"avg:x{*}","interval":"5m"})").call();

    EXPECT_EQ(call.url, "https://dd/api/v1/query?from=1784999700&query=avg%3Ax%7B%2A%7D&to=1785000000");
    EXPECT_EQ(call.headers,
              (Headers{{"Content-Type", "application/json"}, {"DD-API-KEY", "a"}, {"DD-APPLICATION-KEY", "b"}}));
}

TEST(Datadog, AsksVersionTwoWithMilliseconds)
{
    const HttpCall call =
        datadog(R"({"apiVersion":"v2","queries":{"a":"x","b":"y"},"formula":"a/b","interval":"1m"})").call();

    EXPECT_EQ(call.method, "POST");
    EXPECT_EQ(call.url, "https://dd/api/v2/query/scalar");
    EXPECT_EQ(
        call.body,
        R"({"data":{"type":"scalar_request","attributes":{"from":1784999940000,"to":1785000000000,"queries":[)"
        R"({"aggregator":"last","data_source":"metrics","name":"a","query":"x"},)"
        R"({"aggregator":"last","data_source":"metrics","name":"b","query":"y"}],"formulas":[{"formula":"a/b"}]}}})");
}

TEST(Datadog, ReadsBothVersions)
{
    EXPECT_EQ(
        datadog(R"({"query":"x"})", "result < 0.05").result({ok(R"({"series":[{"pointlist":[[1,0.01],[2,0.02]]}]})")}),
        "Successful 0.02");
    EXPECT_EQ(datadog(R"({"query":"x"})", "default(result, 0) < 1").result({ok(R"({"series":[]})")}), "Successful []");
    EXPECT_EQ(datadog(R"({"query":"x"})", "result < 1").result({ok(R"({"series":[]})")}),
              "Error  invalid operation: < (mismatched types <nil> and int)");
    EXPECT_EQ(datadog(R"({"query":"x","apiVersion":"v2"})", "result > 1")
                  .result({ok(R"({"data":{"attributes":{"columns":[{"values":[1.5]}]}}})")}),
              "Successful 1.5");
    EXPECT_EQ(datadog(R"({"query":"x","apiVersion":"v2"})", "isNil(result)")
                  .result({ok(R"({"data":{"attributes":{"columns":[{"values":[null]}]}}})")}),
              "Successful [null]");
    EXPECT_EQ(
        datadog(R"({"query":"x","apiVersion":"v2"})", "isNil(result)")
            .result({ok(
                R"({"data":{"attributes":{"columns":[{"name":"a","values":[null]},{"name":"b","values":[1]}]}}})")}),
        R"(Successful {"Columns":[{"Values":[null]},{"Values":[1]}]})");
    EXPECT_EQ(datadog(R"({"query":"x"})", "isNil(result)").result({ok(R"({"series":[{"scope":"*","pointlist":[]}]})")}),
              R"(Successful [{"pointlist":[]}])");
    EXPECT_EQ(datadog(R"({"query":"x","apiVersion":"v2"})").result({ok(R"({"data":{"errors":"no"}})")}),
              "Error  There were errors in your query: no");
    EXPECT_EQ(datadog(R"({"query":"x"})").result({{403, "nope", ""}}),
              "Error  received authentication error response code: 403 nope");
}

TEST(Datadog, NeedsCredentialsAndOneKindOfQuery)
{
    Setting bare(R"({"datadog":{"query":"x","secretRef":{"name":"s","namespaced":true}}})");
    EXPECT_EQ(std::get<SecretNeed>(bare.step()), (SecretNeed{"shop", "s"}));
    bare.secrets[{"shop", "s"}] = {};
    EXPECT_EQ(bare.result(), "Error  failed to find the credentials for datadog metrics provider");
    EXPECT_EQ(datadog("{}").result(),
              "Error  Must have either a query or queries. Please review the Analysis Template.");
    EXPECT_EQ(datadog(R"({"apiVersion":"v2","queries":{"a":"x","b":"y"}})").result(),
              "Error  When multiple queries are provided you must include a formula.");
}

TEST(NewRelic, AsksNerdGraphAndReadsRows)
{
    Setting setting(R"({"newRelic":{"query":"FROM T SELECT x"}})", "result.x > 1");
    EXPECT_EQ(std::get<SecretNeed>(setting.step()), (SecretNeed{"", "newrelic"}));
    setting.secrets[{"", "newrelic"}] = {{"personal-api-key", "k"}, {"account-id", "12"}, {"region", "EU"}};

    const HttpCall call = setting.call();

    EXPECT_EQ(call.url, "https://api.eu.newrelic.com/graphql");
    EXPECT_TRUE(call.body.ends_with(R"("variables":{"accountId":12,"query":"FROM T SELECT x","timeout":5}})"))
        << call.body;
    EXPECT_EQ(setting.result({ok(R"({"data":{"actor":{"account":{"nrql":{"results":[{"x":2}]}}}}})")}),
              "Successful {\"x\":2}");
    EXPECT_EQ(setting.result({ok(R"({"data":{"actor":{"account":{"nrql":{"results":[]}}}}})")}),
              "Error  no results returned from NRQL query");
    EXPECT_EQ(setting.result({ok(R"({"errors":[{"message":"bad"},{"message":"worse"}]})")}), "Error  bad, worse");
    EXPECT_EQ(metadataOf(setting.request.metric), (crd::TextMap{{"ResolvedNewRelicQuery", "FROM T SELECT x"}}));
}

TEST(Wavefront, TakesThePointThatIsNearest)
{
    Setting setting(R"j({"wavefront":{"address":"w.example.test","query":"ts(a)"}})j", "result < 10");
    setting.secrets[{"", "wavefront-api-tokens"}] = {{"w.example.test", "t"}};

    const HttpCall call = setting.call();
    const Measurement one =
        setting.measurement({ok(R"({"timeseries":[{"data":[[1784999990,5],[1784999000,50]]}],"warnings":"w"})")});

    EXPECT_EQ(call.url,
              "https://w.example.test/api/v2/chart/api?e=1785000000000&g=s&i=true&p=1&q=ts%28a%29&s=1785000000000");
    EXPECT_EQ(text(one.phase), "Successful");
    EXPECT_EQ(one.value, "5.00");
    EXPECT_EQ(one.metadata, (crd::TextMap{{"drift", "-10"}, {"timestamps", "1784999990"}, {"warnings", "w"}}));
    EXPECT_EQ(setting.result({ok("{}")}), "Error  No TimeSeries found in response from Wavefront");
    EXPECT_EQ(setting.measurement({ok(R"({"warnings":"w"})")}).metadata, (crd::TextMap{{"warnings", "w"}}));
    setting.request.measurement.startedAt = kNow.plusSeconds(-4).timestamp();
    EXPECT_EQ(setting.measurement({ok(R"({"timeseries":[{"data":[[1784999990,5]]}]})")}).metadata.at("drift"), "-6");
}

TEST(Graphite, RendersAsJson)
{
    const Setting setting(
        R"({"graphite":{"address":"http://g/","query":"target = summarize(a.b, '5min')&from=-5min"}})",
        "all(result, {# < 3})");

    EXPECT_EQ(setting.call().url, "http://g/render?format=json&from=-5min&target=summarize%28a.b%2C%275min%27%29");
    EXPECT_EQ(setting.result({ok(R"([{"target":"x","datapoints":[[null,1],[1.5,2],["2",3]]}])")}),
              "Successful [1.500000,2.000000]");
    EXPECT_EQ(setting.result({ok("[]")}), "Error  no values found");
    const Setting wrong(R"({"graphite":{"address":"http://g","query":"target=x"}})", "result > 1");
    EXPECT_TRUE(wrong.result({ok(R"([{"datapoints":[[2,1]]}])")}).starts_with("Error [2.000000] "));
    EXPECT_EQ(setting.result({{500, "oops", ""}}), "Error  error response: oops");
}

TEST(Influx, ReadsAnnotatedTables)
{
    Setting setting(R"j({"influxdb":{"query":"from(bucket: \"b\")"}})j", "result[0] > 1 && len(result) == 3");
    setting.secrets[{"", "influxdb"}] = {{"authToken", "t"}, {"org", "my org"}, {"address", "http://i/"}};
    const std::string csv =
        "#datatype,string,long,double,string\r\n#group,false,false,false,false\r\n#default,_result,,,\r\n"
        ",result,table,_value,host\r\n,,0,1.5,a\r\n,,0,2,\"b,\"\"c\"\r\n\r\n"
        "#datatype,string,long,long\r\n#default,_result,,\r\n,result,table,_value\r\n,,1,7\r\n";

    const HttpCall call = setting.call();

    EXPECT_EQ(call.url, "http://i/api/v2/query?org=my+org");
    EXPECT_EQ(call.headers[0], (std::pair<std::string, std::string>("Authorization", "Token t")));
    EXPECT_EQ(setting.result({ok(csv)}), "Successful [1.5 2 7]");
    const std::string error =
        "#datatype,string,string\r\n#group,true,true\r\n#default,,\r\n,error,reference\r\n,gone wrong,897\r\n";
    EXPECT_EQ(setting.result({ok(csv + error)}), "Successful [1.5 2 7]");
    EXPECT_EQ(setting.result({ok(error)}), "Error  no results returned from flux query");
    EXPECT_EQ(setting.result({ok("\r\n")}), "Error  no results returned from flux query");
    EXPECT_EQ(setting.result({{400, R"({"code":"invalid","message":"syntax"})", ""}}), "Error  invalid: syntax");
}

TEST(SkyWalking, AsksForMinutes)
{
    const Setting setting(R"({"skywalking":{"address":"http://s","query":"q","interval":"3m"}})", "result.a == 1");

    EXPECT_EQ(
        setting.call().body,
        R"({"query":"q","variables":{"duration":{"start":"2026-07-25 1717","end":"2026-07-25 1720","step":"MINUTE"}}})"
        "\n");
    EXPECT_EQ(setting.result({ok(R"({"data":{"a":1}})")}), "Successful {\"a\":1}");
    EXPECT_EQ(setting.result({ok(R"({"errors":[{"message":"bad"}]})")}), "Error  graphql: bad");
    EXPECT_EQ(setting.result({{502, "<html>", ""}}), "Error  graphql: server returned a non-200 status code: 502");
}

TEST(Kayenta, StartsAJobAndReadsItsScoreLater)
{
    Setting setting(
        R"({"kayenta":{"address":"http://k","application":"app","canaryConfigName":"c","metricsAccountName":"ma",
        "configurationAccountName":"ca","storageAccountName":"sa","threshold":{"pass":90,"marginal":75},
        "scopes":[{"name":"default","controlScope":{"scope":"stable","region":"r","step":60},
                   "experimentScope":{"scope":"canary","region":"r","step":60}}]}})");
    const std::string known = R"([{"name":"other","id":"1"},{"name":"c","id":"2"}])";

    const HttpCall lookup = setting.call();
    const HttpCall job = setting.call({ok(known)});
    const Measurement open = setting.measurement({ok(known), ok(R"({"canaryExecutionId":"e"})")});
    setting.request.task = MeasurementTask::Resume;
    setting.request.measurement = open;
    const auto scored = [&setting](int score) {
        return setting.result({ok(
            "{\"complete\":true,\"result\":{\"judgeResult\":{\"score\":{\"score\":" + std::to_string(score) + "}}}}")});
    };

    EXPECT_EQ(lookup.url, "http://k/canaryConfig?application=app&configurationAccountName=sa");
    EXPECT_EQ(
        job.url,
        "http://k/canary/2?application=app&metricsAccountName=ma&configurationAccountName=ca&storageAccountName=sa");
    EXPECT_NE(
        job.body.find(
            R"("controlScope":{"scope":"stable","location":"r","step":60,"start":"2026-07-25T17:10:00Z","end":"2026-07-25T17:20:00Z"})"),
        std::string::npos)
        << job.body;
    EXPECT_EQ(text(open.phase), "Running");
    EXPECT_EQ(open.resumeAt, kNow.plusSeconds(15).timestamp());
    EXPECT_EQ(setting.call().url, "http://k/canary/e");
    EXPECT_EQ(text(setting.measurement({ok(R"({"complete":false})")}).phase), "Running");
    EXPECT_EQ(scored(90), "Successful 90");
    EXPECT_EQ(scored(80), "Inconclusive 80");
    EXPECT_EQ(scored(10), "Failed 10");
    EXPECT_EQ(setting.result({ok("{}")}), "Error  Missing Complete Status");
}

TEST(Kayenta, ComparesUpToTheStartOfTheMeasurement)
{
    Setting setting(R"({"kayenta":{"address":"http://k","application":"app","canaryConfigName":"c",
        "scopes":[{"name":"default","controlScope":{"scope":"stable"},"experimentScope":{"scope":"canary"}}]}})");
    setting.request.measurement.startedAt = kNow.plusSeconds(-14).timestamp();

    const HttpCall job = setting.call({ok(R"([{"name":"c","id":"2"}])")});

    EXPECT_TRUE(job.body.contains(R"("start":"2026-07-25T17:09:46Z","end":"2026-07-25T17:19:46Z")")) << job.body;
}

TEST(CloudWatch, SignsItsRequests)
{
    Setting setting(R"({"cloudWatch":{"interval":"10m","metricDataQueries":[{"id":"rate","expression":"a / b"},
        {"id":"a","metricStat":{"metric":{"namespace":"N","metricName":"M","dimensions":[{"name":"D","value":"V"}]},
                                "period":300,"stat":"Sum","unit":"None"},"returnData":false}]}})",
                    "all(result[0].Values, {# <= 0.01})");
    setting.environment = {{"AWS_EC2_METADATA_DISABLED", "true"}};
    EXPECT_NE(setting.result().find("no AWS credentials"), std::string::npos);
    setting.environment = {
        {"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "SECRET"}, {"AWS_REGION", "eu-central-1"}};

    const HttpCall call = setting.call();

    EXPECT_EQ(call.url, "https://monitoring.eu-central-1.amazonaws.com/");
    EXPECT_EQ(
        call.body,
        R"({"StartTime":1784999400,"EndTime":1785000000,"MetricDataQueries":[{"Id":"rate","Expression":"a / b"},)"
        R"({"Id":"a","MetricStat":{"Metric":{"Dimensions":[{"Name":"D","Value":"V"}],"MetricName":"M","Namespace":"N"},)"
        R"("Period":300,"Stat":"Sum","Unit":"None"},"ReturnData":false}]})");
    EXPECT_TRUE(call.headers.back().second.starts_with(
        "AWS4-HMAC-SHA256 Credential=AKID/20260725/eu-central-1/monitoring/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="))
        << call.headers.back().second;
    EXPECT_EQ(
        setting.result({ok(R"({"MetricDataResults":[{"Id":"rate","Values":[0.001,0.01]},{"Id":"b"}],"Messages":[]})")}),
        "Successful [[0.001 0.01] []]");
    EXPECT_NE(setting.result({{400, R"({"message":"denied"})", ""}}).find("StatusCode: 400, denied"),
              std::string::npos);
}

Setting cloudWatch()
{
    return Setting(R"({"cloudWatch":{"metricDataQueries":[{"id":"rate","expression":"a / b"}]}})", "true");
}

std::string signature(const HttpCall &call)
{
    for (const auto &[name, value] : call.headers) {
        if (name == "Authorization")
            return value;
    }
    return {};
}

constexpr const char *kStsAnswer =
    "<R><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>S2</SecretAccessKey>"
    "<SessionToken>T+/=</SessionToken></Credentials></R>";

TEST(AwsAccess, ReadsTheProfileOfTheSharedFiles)
{
    Setting setting = cloudWatch();
    setting.environment = {{"HOME", "/home/a"}, {"AWS_PROFILE", "ops"}};
    const Step first = setting.step();
    ASSERT_TRUE(std::holds_alternative<FileNeed>(first));
    EXPECT_EQ(std::get<FileNeed>(first).path, "/home/a/.aws/config");
    setting.files["/home/a/.aws/config"] =
        "[default]\nregion = us-east-1\n[profile ops]\nRegion = eu-west-1 # here\naws_access_key_id = OLD\n"
        "s3 =\n  region = no\n";
    const Step second = setting.step();
    ASSERT_TRUE(std::holds_alternative<FileNeed>(second));
    EXPECT_EQ(std::get<FileNeed>(second).path, "/home/a/.aws/credentials");
    setting.files["/home/a/.aws/credentials"] =
        "# keys\n[ops]\naws_access_key_id=AKOPS\naws_secret_access_key = S\n[default]\naws_access_key_id=D\n";
    EXPECT_EQ(setting.call().url, "https://monitoring.eu-west-1.amazonaws.com/");
    EXPECT_TRUE(
        signature(setting.call()).starts_with("AWS4-HMAC-SHA256 Credential=AKOPS/20260725/eu-west-1/monitoring/"));
    setting.environment["AWS_PROFILE"] = "none";
    EXPECT_EQ(setting.result(), "Error  failed to get shared config profile, none: neither /home/a/.aws/credentials "
                                "nor /home/a/.aws/config has it");
    setting.files["/home/a/.aws/config"] = "[profile none]\nsso_session = s\nregion = eu-west-1\n";
    EXPECT_EQ(setting.result(), "Error  AWS profile 'none' signs in by SSO, which is not supported");
}

TEST(AwsAccess, TakesOnTheRoleOfAProfile)
{
    Setting setting = cloudWatch();
    setting.environment = {{"AWS_CONFIG_FILE", "/c"},
                           {"AWS_SHARED_CREDENTIALS_FILE", "/k"},
                           {"AWS_PROFILE", "role"},
                           {"AWS_ENDPOINT_URL_STS", "http://127.0.0.1:99"}};
    setting.files["/c"] = "[profile role]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = "
                          "base\nexternal_id = x y\n";
    setting.files["/k"] = "[base]\naws_access_key_id = AKB\naws_secret_access_key = S\n";
    const HttpCall call = setting.call();
    EXPECT_EQ(call.url, "http://127.0.0.1:99/");
    EXPECT_TRUE(call.body.starts_with("Action=AssumeRole&Version=2011-06-15&DurationSeconds=900&ExternalId=x+y&RoleArn="
                                      "arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName="))
        << call.body;
    EXPECT_TRUE(signature(call).starts_with("AWS4-HMAC-SHA256 Credential=AKB/20260725/eu-west-1/sts/aws4_request"));
    const HttpCall asked = setting.call({ok(kStsAnswer)});
    EXPECT_TRUE(signature(asked).starts_with("AWS4-HMAC-SHA256 Credential=ASIA/20260725/eu-west-1/monitoring/"));
    EXPECT_TRUE(
        std::ranges::contains(asked.headers, std::pair<std::string, std::string>("X-Amz-Security-Token", "T+/=")));
    EXPECT_EQ(setting.result({ok(kStsAnswer), ok(R"({"MetricDataResults":[{"Values":[1]}]})")}), "Successful [[1]]");
    EXPECT_EQ(setting.result({{403, "<E><Code>AccessDenied</Code><Message>not allowed</Message></E>", ""}}),
              "Error  operation error STS: AssumeRole, https response error StatusCode: 403, not allowed");
}

TEST(AwsAccess, ShowsTheTokenOfAWebIdentity)
{
    Setting setting = cloudWatch();
    setting.environment = {{"AWS_REGION", "eu-west-1"},
                           {"AWS_ROLE_ARN", "arn:r"},
                           {"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"},
                           {"AWS_ROLE_SESSION_NAME", "me"}};
    const Step first = setting.step();
    ASSERT_TRUE(std::holds_alternative<FileNeed>(first));
    EXPECT_EQ(std::get<FileNeed>(first).path, "/t");
    setting.files["/t"] = "j.w.t";
    const HttpCall call = setting.call();
    EXPECT_EQ(call.url, "https://sts.eu-west-1.amazonaws.com/");
    EXPECT_EQ(call.body, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=me&"
                         "WebIdentityToken=j.w.t");
    EXPECT_EQ(signature(call), "");
    EXPECT_TRUE(signature(setting.call({ok(kStsAnswer)})).starts_with("AWS4-HMAC-SHA256 Credential=ASIA/"));
    setting.files["/t"] = std::nullopt;
    EXPECT_EQ(setting.result(), "Error  failed to retrieve jwt from provided path: /t does not exist");
}

TEST(AwsAccess, AsksTheContainer)
{
    Setting setting = cloudWatch();
    setting.environment = {{"AWS_REGION", "eu-west-1"},
                           {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/keys"},
                           {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token"}};
    setting.files["/token"] = "bearer";
    const HttpCall call = setting.call();
    EXPECT_EQ(call.url, "http://127.0.0.1:1/keys");
    EXPECT_EQ(signature(call), "bearer");
    const HttpReply keys = ok(R"({"AccessKeyId":"AKC","SecretAccessKey":"S","Token":"T"})");
    EXPECT_TRUE(signature(setting.call({keys})).starts_with("AWS4-HMAC-SHA256 Credential=AKC/"));
    setting.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://evil.test/keys";
    EXPECT_EQ(setting.result(), "Error  invalid endpoint host, \"evil.test\", only loopback/ecs/eks hosts are allowed");
    setting.environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/keys";
    EXPECT_EQ(setting.call().url, "http://169.254.170.2/v2/keys");
}

TEST(AwsAccess, RunsTheProgramOfAProfile)
{
    Setting setting = cloudWatch();
    setting.environment = {{"AWS_CONFIG_FILE", "/c"}, {"AWS_SHARED_CREDENTIALS_FILE", "/k"}};
    setting.files["/c"] = "[default]\nregion = eu-west-1\ncredential_process = /bin/keys --of me\n";
    setting.files["/k"] = std::nullopt;
    const Step first = setting.step();
    ASSERT_TRUE(std::holds_alternative<ProgramNeed>(first));
    const std::string command = std::get<ProgramNeed>(first).command;
    EXPECT_EQ(command, "/bin/keys --of me");
    const auto said = [&](const std::string &output, const std::string &error = "") {
        setting.programs[command] = {output, error};
        const Step step = setting.step();
        return std::holds_alternative<Measurement>(step) ? std::get<Measurement>(step).message
                                                         : signature(std::get<HttpCall>(step));
    };
    const std::string place = "error in credential_process of AWS profile 'default': ";

    EXPECT_TRUE(said(R"({"Version":1,"AccessKeyId":"AKP","SecretAccessKey":"S","SessionToken":"T"})")
                    .starts_with("AWS4-HMAC-SHA256 Credential=AKP/"));
    EXPECT_EQ(said("", "exit status 3"), place + "exit status 3");
    EXPECT_EQ(said("SECRET"), place + "parse failed of process output");
    EXPECT_EQ(said(R"({"Version":2})"), place + "wrong version in process output (not 1)");
    EXPECT_EQ(said(R"({"Version":1,"AccessKeyId":"A"})"), place + "missing SecretAccessKey in process output");
}

TEST(AwsAccess, AsksTheEc2InstanceLast)
{
    Setting setting = cloudWatch();
    setting.environment = {{"AWS_REGION", "eu-west-1"}};
    const HttpReply token = ok("TOKEN"), roles = ok("nodes\n");
    const HttpReply keys = ok(R"({"Code":"Success","AccessKeyId":"AKI","SecretAccessKey":"S","Token":"T"})");

    const HttpCall first = setting.call();
    EXPECT_EQ(first.method, "PUT");
    EXPECT_EQ(first.url, "http://169.254.169.254/latest/api/token");
    const HttpCall second = setting.call({token});
    EXPECT_EQ(second.url, "http://169.254.169.254/latest/meta-data/iam/security-credentials/");
    EXPECT_TRUE(std::ranges::contains(second.headers,
                                      std::pair<std::string, std::string>("x-aws-ec2-metadata-token", "TOKEN")));
    EXPECT_EQ(setting.call({token, roles}).url,
              "http://169.254.169.254/latest/meta-data/iam/security-credentials/nodes");
    EXPECT_TRUE(signature(setting.call({token, roles, keys})).starts_with("AWS4-HMAC-SHA256 Credential=AKI/"));
    EXPECT_EQ(setting.result({token, roles, keys, ok(R"({"MetricDataResults":[{"Values":[1]}]})")}),
              "Successful [[1]]");

    // The first version of the service knows no tokens.
    EXPECT_TRUE(setting.call({{404, "", ""}}).headers.empty());
    EXPECT_TRUE(signature(setting.call({{404, "", ""}, roles, keys})).starts_with("AWS4-HMAC-SHA256 Credential=AKI/"));
    EXPECT_TRUE(setting.result({{0, "", "timed out"}, {0, "", "timed out"}})
                    .ends_with("and the role of an EC2 instance: timed out"));
    EXPECT_TRUE(setting.result({token, {404, "", ""}}).ends_with(" answers with status 404"));
    EXPECT_EQ(setting.result({token, roles, ok(R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"no"})")}),
              "Error  AWS credentials of the EC2 instance's role nodes: AssumeRoleUnauthorizedAccess, no");
    setting.environment["AWS_EC2_METADATA_V1_DISABLED"] = "true";
    EXPECT_TRUE(setting.result({{404, "", ""}}).ends_with("it gives no token: status 404"));
    setting.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:1/";
    EXPECT_EQ(setting.call().url, "http://127.0.0.1:1/latest/api/token");
    setting.environment["AWS_EC2_METADATA_DISABLED"] = "True";
    EXPECT_TRUE(setting.result().ends_with("AWS_EC2_METADATA_DISABLED is set"));
}

std::string hex(const std::string &bytes)
{
    std::string out;
    for (const char c : bytes) {
        char text[3];
        std::snprintf(text, sizeof text, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
        out += text;
    }
    return out;
}

TEST(Signatures, AgreeWithPublishedVectors)
{
    // FIPS 180-2 and RFC 4231; the derived key is the example of the AWS documentation.
    EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hex(hmacSha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    std::string key = hmacSha256("AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830");
    for (const char *part : {"us-east-1", "iam", "aws4_request"})
        key = hmacSha256(key, part);
    EXPECT_EQ(hex(key), "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

TEST(Signatures, AgreeWithTheSuiteOfAws)
{
    HttpCall call{.method = "POST", .url = "https://example.amazonaws.com", .headers = {}, .body = ""};

    signForAws(call, "us-east-1", "service", {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""},
               Moment::ofSeconds(1'440'938'160));

    EXPECT_EQ(call.headers.back().second,
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
              "SignedHeaders=host;x-amz-date, "
              "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
}

TEST(AmazonManagedPrometheus, HasItsRequestsSigned)
{
    const auto withSigv4 = [](const std::string &sigv4) {
        return R"({"prometheus":{"address":"https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1","query":"up","authentication":{"sigv4":)"
               + sigv4 + "}}}";
    };
    Setting setting(withSigv4(R"({"region":"eu-west-1"})"), "true");
    setting.environment = {{"AWS_EC2_METADATA_DISABLED", "true"}};
    EXPECT_NE(setting.result().find("no AWS credentials"), std::string::npos);
    setting.environment = {{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "SECRET"}};

    const HttpCall call = setting.call();

    EXPECT_EQ(call.url, "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/query");
    EXPECT_TRUE(
        call.headers.back().second.starts_with("AWS4-HMAC-SHA256 Credential=AKID/20260725/eu-west-1/aps/aws4_request, "
                                               "SignedHeaders=content-type;host;x-amz-date, Signature="))
        << call.headers.back().second;
    Setting role(withSigv4(R"({"roleArn":"arn:aws:iam::1:role/r"})"), "true");
    role.environment = {{"AWS_EC2_METADATA_DISABLED", "true"}};
    EXPECT_NE(role.result().find("could not get SigV4 credentials: no AWS credentials: looked for AWS_ACCESS_KEY_ID"),
              std::string::npos);
    role.environment = {
        {"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "SECRET"}, {"AWS_REGION", "eu-west-1"}};
    EXPECT_TRUE(role.call().body.starts_with("Action=AssumeRole&"));
    EXPECT_TRUE(signature(role.call({ok(kStsAnswer)})).contains("Credential=ASIA/20260725/eu-west-1/aps/"));
    EXPECT_EQ(
        role.result({ok(kStsAnswer), ok(R"({"status":"success","data":{"resultType":"scalar","result":[1,"2"]}})")}),
        "Successful 2");
    Setting profile(withSigv4(R"({"region":"eu-west-1","profile":"p"})"), "true");
    profile.environment = {{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "SECRET"}, {"HOME", "/h"}};
    profile.files = {{"/h/.aws/config", std::nullopt},
                     {"/h/.aws/credentials", "[p]\naws_access_key_id=AKP\naws_secret_access_key=S\n"}};
    EXPECT_TRUE(signature(profile.call()).contains("Credential=AKP/"));
    Setting placeless(withSigv4("{}"), "true");
    EXPECT_EQ(placeless.call().headers.size(), 1U);
}

} // namespace
} // namespace tiphys::rollout::provider
