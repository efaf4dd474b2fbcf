// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/measurement_runner.h"

#include "demo_place.h"
#include "fetch/qt_http.h"
#include "object/json.h"
#include "rollout/provider/provider.h"

#include <QTcpServer>
#include <QTcpSocket>

namespace tiphys::control {
namespace {

using object::Object;
using rollout::AnalysisPhase;
using rollout::Measurement;
using rollout::MeasurementTask;

constexpr ports::WallTime kStart = 1'785'000'000'000;

class SetClock final : public ports::Clock
{
public:
    ports::WallTime now() const override { return moment; }
    ports::BootTime sinceBoot() const override { return {}; }
    ports::WallTime moment = kStart;
};

/// Answers what it was told to; every answer takes four seconds of the clock.
class ToldHttp final : public ports::Http
{
public:
    explicit ToldHttp(std::shared_ptr<SetClock> clock) : m_clock(std::move(clock)) {}

    Async<ports::HttpAnswer> send(ports::HttpRequest request, CancelToken) override
    {
        requests.push_back(std::move(request));
        m_clock->moment += 4'000;
        co_return next;
    }

    std::vector<ports::HttpRequest> requests;
    Expected<ports::HttpAnswer> next = ports::HttpAnswer{};

private:
    std::shared_ptr<SetClock> m_clock;
};

/// One connection on loopback that gets \p bytes as the body of its answer; none at all for 0.
class LargeServer
{
public:
    explicit LargeServer(qsizetype bytes)
    {
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this, bytes] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            if (bytes == 0)
                return;
            QObject::connect(
                socket, &QTcpSocket::readyRead, socket,
                [socket, bytes] {
                    socket->readAll();
                    socket->write("HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(bytes)
                                  + "\r\nConnection: close\r\n\r\n");
                    socket->write(QByteArray(bytes, ' '));
                    socket->disconnectFromHost();
                },
                Qt::SingleShotConnection);
        });
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_server.serverPort()); }

private:
    QTcpServer m_server;
};

class Measurements : public DemoPlace
{
protected:
    void SetUp() override
    {
        DemoPlace::SetUp();
        run.name = "run";
        run.ns = "default";
        // Owners must be there, else their Jobs are taken away.
        make("apiVersion: argoproj.io/v1alpha1\nkind: AnalysisRun\nmetadata: {name: run, namespace: default}\n"
             "spec: {metrics: [{name: m, initialDelay: 1h, provider: {web: {url: 'http://127.0.0.1:1'}}}]}\n");
        run.uid = live({"argoproj.io", "AnalysisRun", "default", "run"}).uid();
        jobName = run.uid + ".m.1";
        settings.http = http;
        settings.ns = "kube-system";
    }

    static rollout::MeasurementRequest request(std::string_view provider, std::string condition = {})
    {
        rollout::MeasurementRequest request;
        request.metric.name = "m";
        request.metric.provider = object::parseJson(provider).value();
        request.metric.successCondition = std::move(condition);
        return request;
    }
    Expected<rollout::MeasurementAnswers> answers(std::vector<rollout::MeasurementRequest> requests,
                                                  CancelToken cancel = {})
    {
        MeasurementRunner runner(
            client, clock, settings,
            [this](const object::ObjectKey &key) { return watched.key() == key ? watched : Object(); },
            [this](const object::ObjectKey &, const Object &object) { written.push_back(object); });
        return async::waitFor(runner.measure(run, std::move(requests), std::move(cancel)));
    }
    Measurement measured(const rollout::MeasurementRequest &request)
    {
        const auto all = answers({request});
        EXPECT_TRUE(all) << (all ? "" : all.error().text());
        return all && all->contains("m") ? all->at("m") : Measurement();
    }
    Object job() { return live({"batch", "Job", "default", jobName}); }

    rollout::AnalysisRun run;
    std::string jobName;
    std::shared_ptr<SetClock> clock = std::make_shared<SetClock>();
    std::shared_ptr<ToldHttp> http = std::make_shared<ToldHttp>(clock);
    MeasurementSettings settings;
    Object watched;
    std::vector<Object> written;
};

constexpr std::string_view kJob = R"({"job":{"spec":{"backoffLimit":0,"template":{"spec":{"restartPolicy":"Never",
    "containers":[{"name":"c","image":"x:1"}]}}}}})";

TEST_F(Measurements, BeginBeforeTheProviderIsAsked)
{
    http->next = ports::HttpAnswer{.status = 200, .headers = {}, .body = R"({"a":5})", .url = {}};
    const Measurement measurement = measured(request(R"({"web":{"url":"http://x","jsonPath":"{$.a}"}})", "result > 1"));
    EXPECT_EQ(measurement.phase, AnalysisPhase::Successful);
    EXPECT_EQ(measurement.value, "5");
    EXPECT_EQ(measurement.startedAt, rollout::Moment{kStart}.timestamp());
    EXPECT_EQ(measurement.finishedAt, rollout::Moment{kStart + 4'000}.timestamp());
    ASSERT_EQ(http->requests.size(), 1u);
    EXPECT_EQ(http->requests[0].limitBytes, rollout::provider::kMostAnswerBytes);
}

TEST_F(Measurements, OfAServerThatDoesNotAnswerAreErrors)
{
    http->next = std::unexpected(Error(ErrorCode::Timeout, "http://x did not answer in time"));
    const Measurement measurement = measured(request(R"({"prometheus":{"address":"http://x","query":"q"}})", "true"));
    EXPECT_EQ(measurement.phase, AnalysisPhase::Error);
    EXPECT_EQ(measurement.message, "http://x did not answer in time");
    EXPECT_EQ(measurement.startedAt, rollout::Moment{kStart}.timestamp());
    EXPECT_EQ(measurement.finishedAt, rollout::Moment{kStart + 4'000}.timestamp());
}

TEST_F(Measurements, EndWhenTheTimeOfTheMetricIsOver)
{
    const LargeServer silent(0);
    settings.http = fetch::qtHttp();
    const Measurement measurement = measured(request(R"({"web":{"timeoutSeconds":1,"url":")" + silent.url() + "\"}}"));
    EXPECT_EQ(measurement.phase, AnalysisPhase::Error);
    EXPECT_EQ(measurement.message, silent.url() + " did not answer in time");
}

TEST_F(Measurements, RefuseAnAnswerThatIsTooLarge)
{
    const qsizetype limit = qsizetype{rollout::provider::kMostAnswerBytes};
    const LargeServer large(limit + 1), largest(limit);
    settings.http = fetch::qtHttp();
    const Measurement refused = measured(request(R"({"web":{"timeoutSeconds":60,"url":")" + large.url() + "\"}}"));
    EXPECT_EQ(refused.phase, AnalysisPhase::Error);
    EXPECT_EQ(refused.message, "the answer of " + large.url() + " is larger than 52428800 bytes");
    const Measurement taken =
        measured(request(R"({"prometheus":{"timeout":60,"query":"q","address":")" + largest.url() + "\"}}"));
    EXPECT_TRUE(taken.message.starts_with("bad_response: ")) << taken.message.substr(0, 200);
}

TEST_F(Measurements, ReadSecretsWhereTheProviderWantsThem)
{
    make("apiVersion: v1\nkind: Secret\nmetadata: {name: dd, namespace: default}\ndata: {api-key: YQ==, app-key: Yg==, "
         "address: aHR0cDovL2Rk}\n");
    http->next =
        ports::HttpAnswer{.status = 200, .headers = {}, .body = R"({"series":[{"pointlist":[[1,2]]}]})", .url = {}};
    const Measurement own =
        measured(request(R"({"datadog":{"query":"q","secretRef":{"name":"dd","namespaced":true}}})"));
    const Measurement engines = measured(request(R"({"newRelic":{"query":"q"}})"));
    EXPECT_EQ(own.value, "2");
    EXPECT_TRUE(http->requests.at(0).url.starts_with("http://dd/api/v1/query"));
    EXPECT_EQ(engines.phase, AnalysisPhase::Error);
    EXPECT_EQ(engines.message, "secrets \"newrelic\" not found");
}

TEST_F(Measurements, ReadFilesThatTheProviderWants)
{
    settings.environment = {
        {"AWS_REGION", "eu-west-1"}, {"AWS_SHARED_CREDENTIALS_FILE", "/keys"}, {"AWS_EC2_METADATA_DISABLED", "true"}};
    const auto cloudWatch = request(R"({"cloudWatch":{"metricDataQueries":[]}})");
    EXPECT_TRUE(measured(cloudWatch).message.starts_with("no AWS credentials: looked for"))
        << measured(cloudWatch).message;
    settings.readFile = [](const std::string &path) -> Expected<std::string> {
        if (path != "/keys")
            return failure(ErrorCode::NotFound, path);
        return std::string("[default]\naws_access_key_id = AKF\naws_secret_access_key = S\n");
    };
    ports::HttpAnswer answer;
    answer.status = 200;
    answer.body = R"({"MetricDataResults":[]})";
    http->next = answer;
    http->requests.clear();
    measured(cloudWatch);
    ASSERT_EQ(http->requests.size(), 1u);
    EXPECT_TRUE(http->requests[0].headers.back().second.contains("Credential=AKF/"))
        << http->requests[0].headers.back().second;
    settings.readFile = [](const std::string &) -> Expected<std::string> {
        return failure(ErrorCode::Denied, "cannot read /keys");
    };
    EXPECT_EQ(measured(cloudWatch).message, "cannot read /keys");
}

Async<std::string> keysOf(std::string command)
{
    if (command != "print keys")
        co_return failure(ErrorCode::NotFound, "no program '" + command + "'");
    co_return std::string(R"({"Version":1,"AccessKeyId":"AKP","SecretAccessKey":"S"})");
}

TEST_F(Measurements, RunProgramsThatTheirFilesName)
{
    settings.environment = {{"AWS_REGION", "eu-west-1"}, {"AWS_SHARED_CREDENTIALS_FILE", "/keys"}};
    settings.readFile = [](const std::string &) -> Expected<std::string> {
        return std::string("[default]\ncredential_process = print keys\n");
    };
    const auto cloudWatch = request(R"({"cloudWatch":{"metricDataQueries":[]}})");
    EXPECT_TRUE(measured(cloudWatch).message.ends_with(": programs may not be run here"))
        << measured(cloudWatch).message;
    settings.runProgram = keysOf;
    ports::HttpAnswer answer;
    answer.status = 200;
    answer.body = R"({"MetricDataResults":[]})";
    http->next = answer;
    http->requests.clear();
    measured(cloudWatch);
    ASSERT_EQ(http->requests.size(), 1u);
    EXPECT_TRUE(http->requests[0].headers.back().second.contains("Credential=AKP/"))
        << http->requests[0].headers.back().second;
}

TEST_F(Measurements, NameWhatIsNotAvailable)
{
    settings.http.reset();
    EXPECT_EQ(measured(request(R"({"web":{"url":"http://x"}})")).message,
              "metric providers on the network are not available here");
    EXPECT_EQ(measured(request(R"({"plugin":{"a/b":{}}})")).message, "metric plugins are not supported: a/b");
}

TEST_F(Measurements, OfACancelledPassAreNone)
{
    http->next = std::unexpected(Error(ErrorCode::Cancelled, "cancelled"));
    const auto all = answers({request(R"({"web":{"url":"http://x"}})")});
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().code(), ErrorCode::Cancelled);
}

TEST_F(Measurements, ByAJobAreOpenUntilItEnds)
{
    const Measurement open = measured(request(kJob));
    EXPECT_EQ(open.phase, AnalysisPhase::Running);
    EXPECT_EQ(open.startedAt, rollout::Moment{kStart}.timestamp());
    EXPECT_EQ(open.metadata, (crd::TextMap{{"job-name", jobName}, {"job-namespace", "default"}}));
    EXPECT_EQ(written.size(), 1u);
    EXPECT_EQ(job().ownerReferences().size(), 1u);
    // The same once more takes the Job over that is there.
    EXPECT_EQ(measured(request(kJob)).metadata, open.metadata);
    EXPECT_EQ(written.size(), 1u);

    rollout::MeasurementRequest look = request(kJob);
    look.task = MeasurementTask::Resume;
    look.measurement = open;
    watched = Object(object::parseYaml("apiVersion: batch/v1\nkind: Job\nmetadata: {name: " + jobName
                                       + ", namespace: default}\n"
                                         "status: {conditions: [{type: Failed, status: 'True'}]}")
                         .value());
    const Measurement failed = measured(look);
    EXPECT_EQ(failed.phase, AnalysisPhase::Failed);
    EXPECT_EQ(failed.finishedAt, rollout::Moment{kStart}.timestamp());
}

TEST_F(Measurements, ByJobsInAnotherClusterAreErrorsThatSaySo)
{
    settings.environment = {{"ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG", "/etc/other"}};
    const Measurement refused = measured(request(kJob));
    EXPECT_EQ(refused.phase, AnalysisPhase::Error);
    EXPECT_EQ(refused.message,
              "ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG is set, and Jobs in another cluster are not supported here");
    EXPECT_TRUE(job().isNull());
    EXPECT_TRUE(std::ranges::contains(rollout::provider::environmentNames(), "ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG"));
}

TEST_F(Measurements, RunTheirJobsInTheClusterThatIsNamed)
{
    demo::DemoOptions options;
    options.hasSample = false;
    const auto here = std::exchange(cluster, std::move(demo::DemoCluster::start(options).value()));
    settings.environment = {{"ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG", "/etc/other"}};
    settings.jobs.cluster = connected("demo");
    const Measurement open = measured(request(kJob));
    const Object made = job();
    EXPECT_EQ(open.phase, AnalysisPhase::Running) << open.message;
    EXPECT_EQ(made.name(), jobName);
    EXPECT_TRUE(made.ownerReferences().empty());
    rollout::MeasurementRequest end = request(kJob);
    end.task = MeasurementTask::Terminate;
    end.measurement = open;
    EXPECT_EQ(measured(end).phase, AnalysisPhase::Successful);
    EXPECT_TRUE(until([&] { return job().isNull(); }));
    settings.jobs = {};
    here->run([&](demo::Store &store) { EXPECT_TRUE(store.find({"batch", "Job"}, {"default", jobName}).isNull()); });
}

TEST_F(Measurements, TakeTheirJobAwayWhenTheyAreEnded)
{
    rollout::MeasurementRequest end = request(kJob);
    end.measurement = measured(end);
    end.task = MeasurementTask::Terminate;
    const Measurement ended = measured(end);
    EXPECT_EQ(ended.phase, AnalysisPhase::Successful);
    EXPECT_TRUE(ended.finishedAt);
    EXPECT_TRUE(until([&] { return job().isNull(); }));
    // Whoever looks later finds nothing.
    end.task = MeasurementTask::Resume;
    EXPECT_EQ(measured(end).message, "job.batch \"" + jobName + "\" not found");
}

TEST_F(Measurements, LeaveTheJobsOfOthersAlone)
{
    make("apiVersion: batch/v1\nkind: Job\nmetadata: {name: " + jobName
         + ", namespace: default, labels: {analysisrun.argoproj.io/uid: other}}\n"
           "spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: 'x:1'}]}}}\n");
    const Measurement refused = measured(request(kJob));
    EXPECT_EQ(refused.phase, AnalysisPhase::Error);
    EXPECT_TRUE(refused.message.contains("already exists")) << refused.message;
}

} // namespace
} // namespace tiphys::control
