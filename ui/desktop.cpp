// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop.h"

#include "models/text.h"
#include "ui/main_window/main_window.h"
#include "ui/remembered_levels.h"
#include "ui/settings.h"
#include "ui/shots.h"
#include "ui/theme/fusion.h"

#include <QApplication>
#include <QDateTime>
#include <QFileOpenEvent>
#include <QIcon>
#include <QLocale>
#include <QTranslator>

#include <memory>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

/// Addresses that the platform hands to a running program.
class AddressOpener final : public QObject
{
public:
    AddressOpener(MainWindow *window, QObject *parent) : QObject(parent), m_window(window) {}

protected:
    bool eventFilter(QObject *object, QEvent *event) override
    {
        if (event->type() != QEvent::FileOpen)
            return QObject::eventFilter(object, event);
        m_window->openAddress(static_cast<QFileOpenEvent *>(event)->url().toString());
        return true;
    }

private:
    MainWindow *m_window;
};

void loadTranslation(QApplication &application)
{
    auto *translator = new QTranslator(&application);
    // English too has a file: its plurals.
    if (translator->load(QLocale(), u"tiphys"_s, u"_"_s, u":/i18n"_s) || translator->load(u":/i18n/tiphys_en.qm"_s))
        QApplication::installTranslator(translator);
}

void startClusters(service::Service &service, const Settings &settings, bool ticksAll)
{
    const QStringList ticked = settings.tickedContexts();
    for (const service::ClusterState &cluster : service.clusters()->clusters) {
        if (ticksAll || ticked.contains(models::text(cluster.context)))
            service.setTicked(cluster.context, true);
    }
}

std::optional<QSize> sizeOf(const QString &text)
{
    const QStringList parts = text.split(u'x');
    if (parts.size() != 2 || parts[0].toInt() < 200 || parts[1].toInt() < 200)
        return std::nullopt;
    return QSize(parts[0].toInt(), parts[1].toInt());
}

std::optional<Scheme> schemeOf(const QString &text)
{
    if (text == u"light"_s)
        return Scheme::Light;
    if (text == u"dark"_s)
        return Scheme::Dark;
    return text == u"system"_s ? std::optional(Scheme::System) : std::nullopt;
}

} // namespace

Expected<DesktopOptions> parseDesktopOptions(const QStringList &arguments, QStringList *unknown)
{
    DesktopOptions options;
    bool hasSizes = false;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments[i];
        const bool takesValue = argument == u"--shots"_s || argument == u"--shot"_s || argument == u"--size"_s
                                || argument == u"--theme"_s || argument == u"--settings"_s;
        if (!takesValue) {
            if (argument.startsWith(u"tiphys:"_s))
                options.address = argument;
            else if (unknown)
                *unknown << argument;
            continue;
        }
        if (i + 1 == arguments.size())
            return failure(ErrorCode::InvalidInput, models::utf8(argument) + " needs a value");
        const QString value = arguments[++i];
        if (argument == u"--shots"_s)
            options.shotsFolder = value;
        else if (argument == u"--shot"_s)
            options.shots << value;
        else if (argument == u"--settings"_s)
            options.settingsFile = value;
        else if (argument == u"--theme"_s) {
            options.scheme = schemeOf(value);
            if (!options.scheme)
                return failure(ErrorCode::InvalidInput,
                               "--theme '" + models::utf8(value) + "' is neither light, dark nor system");
        } else if (const std::optional<QSize> size = sizeOf(value)) {
            if (!std::exchange(hasSizes, true))
                options.shotSizes.clear();
            options.shotSizes << *size;
        } else
            return failure(ErrorCode::InvalidInput, "--size '" + models::utf8(value) + "' is not WIDTHxHEIGHT");
    }
    return options;
}

int runDesktop(QApplication &application, service::Service &service, const DesktopOptions &options)
{
    QGuiApplication::setWindowIcon(QIcon(u":/tiphys.svg"_s));
    loadTranslation(application);
    Settings settings(options.settingsFile);
    widenFusion(application);
    if (options.scheme)
        settings.setSchemeOfThisRun(*options.scheme);
    applyScheme(application, settings.scheme());
    const auto now = options.now ? options.now : std::function<service::WallTime()>(&QDateTime::currentMSecsSinceEpoch);
    const RememberedLevels levels(service, settings);
    // First: the clusters are asked while the window is built.
    startClusters(service, settings, options.ticksAll);
    MainWindow *shown = nullptr;
    std::function<void()> startDemo;
    if (options.startDemo)
        startDemo = [&options, &shown] {
            options.startDemo();
            shown->showDemoGuide();
        };
    MainWindow window({service, settings, now, startDemo});
    shown = &window;
    application.installEventFilter(new AddressOpener(&window, &window));
    if (!options.shotsFolder.isEmpty()) {
        ShotTaker shots(window, service, options);
        QObject::connect(&shots, &ShotTaker::finished, &application, &QCoreApplication::exit, Qt::QueuedConnection);
        shots.start();
        return QApplication::exec();
    }
    if (options.isDemo)
        window.showDemoGuide();
    if (options.address.isEmpty() || !window.openAddress(options.address))
        window.open(window.startLocation());
    window.show();
    return QApplication::exec();
}

} // namespace tiphys::ui
