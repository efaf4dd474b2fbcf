// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/log_pane.h"

#include "models/log_text.h"
#include "models/text.h"
#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/find_bar.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/plain_text.h"

#include <QActionGroup>
#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QComboBox>
#include <QKeyEvent>
#include <QLocale>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QShortcut>
#include <QSignalBlocker>
#include <QTextBlock>
#include <QTextCursor>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

constexpr std::array kTails{100, 1'000, service::kMostLogLines};
constexpr int kUsualTail = 1'000;

template <typename Lines>
QString joined(const Lines &lines, models::LogTimes times)
{
    QStringList texts;
    texts.reserve(static_cast<qsizetype>(lines.size()));
    for (const service::LogLine &line : lines)
        texts << models::logLineText(line, times);
    return texts.join(u'\n');
}

/// A list to choose from that is as narrow as the inspector.
void setUpBox(QComboBox *box, const QString &name)
{
    box->setAccessibleName(name);
    box->setToolTip(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
}

struct Choice
{
    QString text;
    QString id; ///< its data
};

/// Lets \p box offer \p choices. Entries that stay are left alone: somebody may have the list open.
void offer(QComboBox *box, const std::vector<Choice> &choices)
{
    for (int i = box->count() - 1; i >= 0; --i) {
        if (!std::ranges::contains(choices, box->itemData(i).toString(), &Choice::id))
            box->removeItem(i);
    }
    for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
        const auto &[text, id] = choices[static_cast<std::size_t>(i)];
        const int at = box->findData(id);
        if (at == i) {
            if (box->itemText(i) != text)
                box->setItemText(i, text);
            continue;
        }
        if (at >= 0)
            box->removeItem(at);
        box->insertItem(i, text, id);
    }
}

} // namespace

service::PodLogs *podLogsOf(service::Service &service)
{
    return dynamic_cast<service::PodLogs *>(&service);
}

LogPane::LogPane(service::Service &service, std::function<service::WallTime()> now, QWidget *parent)
    : QWidget(parent), m_service(service), m_now(std::move(now)), m_podBox(new QComboBox(this)),
      m_containerBox(new QComboBox(this)), m_follow(new QToolButton(this)), m_options(new QToolButton(this)),
      m_copy(new QToolButton(this)), m_find(new FindBar(tr("Find in the log"), this)),
      m_state(new TextLabel(TextLabel::Rank::Secondary, {}, this)), m_text(readOnlyText(tr("Log"), this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(unit(this));
    buildChoices();
    buildOptions();
    buildBar();
    m_state->setWordWrap(true);
    m_state->setTextFormat(Qt::PlainText);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_state);
    column->addWidget(m_find);
    m_text->setUndoRedoEnabled(false);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(monospace(font()));
    column->addWidget(m_text, 1);
    connectFind();
}

LogPane::~LogPane()
{
    close();
}

void LogPane::buildChoices()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(unit(this));
    setUpBox(m_podBox, tr("Pod"));
    setUpBox(m_containerBox, tr("Container"));
    row->addWidget(m_podBox, 2);
    row->addWidget(m_containerBox, 1);
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
    connect(m_podBox, &QComboBox::activated, this, [this](int index) {
        const object::ObjectKey key = m_pods[static_cast<std::size_t>(index)].key;
        if (m_pod == key)
            return;
        choosePod(key);
        ask();
    });
    connect(m_containerBox, &QComboBox::activated, this, [this] {
        if (models::utf8(m_containerBox->currentData().toString()) != m_request.container || m_log == 0)
            open();
    });
}

void LogPane::buildOptions()
{
    auto *menu = new QMenu(m_options);
    const auto option = [menu](const QString &text, const QString &explanation) {
        QAction *action = menu->addAction(text);
        action->setCheckable(true);
        action->setToolTip(explanation);
        return action;
    };
    menu->setToolTipsVisible(true);
    m_previous = option(tr("&Previous run"), tr("The log of the container before its last restart"));
    m_times = option(tr("&Times"), tr("When the server got each line"));
    m_wrap = option(tr("&Wrap long lines"), {});
    menu->addSection(tr("Lines that were written before"));
    m_tail = new QActionGroup(menu);
    for (const int lines : kTails) {
        QAction *action = option(tr("Last %1").arg(QLocale().toString(lines)), {});
        action->setData(lines);
        action->setChecked(lines == kUsualTail);
        m_tail->addAction(action);
    }
    m_options->setMenu(menu);
    connect(m_previous, &QAction::toggled, this, &LogPane::open);
    connect(m_times, &QAction::toggled, this, &LogPane::showLines);
    connect(m_wrap, &QAction::toggled, this, [this](bool isOn) {
        m_text->setLineWrapMode(isOn ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap);
    });
    connect(m_tail, &QActionGroup::triggered, this, &LogPane::open);
}

void LogPane::buildBar()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(unit(this));
    m_follow->setText(tr("Follow"));
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Show new lines as they are written"));
    m_options->setText(tr("Options"));
    m_options->setPopupMode(QToolButton::InstantPopup);
    m_copy->setIcon(icon(u"copy"_s));
    m_copy->setToolTip(tr("Copy what is selected, or all lines"));
    m_copy->setAccessibleName(tr("Copy the log"));
    auto *look = new QToolButton(this);
    look->setIcon(icon(u"search"_s));
    look->setToolTip(tr("Find in the log (Ctrl+F)"));
    look->setAccessibleName(tr("Find in the log"));
    for (QToolButton *button : {m_follow, m_options, look, m_copy}) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
    }
    row->addWidget(m_follow);
    row->addWidget(m_options);
    row->addWidget(look);
    row->addWidget(m_copy);
    row->addStretch(1);
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
    connect(m_follow, &QToolButton::toggled, this, &LogPane::follow);
    connect(m_copy, &QToolButton::clicked, this, &LogPane::copy);
    connect(look, &QToolButton::clicked, this, &LogPane::startFind);
}

void LogPane::connectFind()
{
    connect(m_find, &FindBar::textChanged, this, [this] {
        // What is found stays found while more of it is typed.
        QTextCursor cursor = m_text->textCursor();
        cursor.setPosition(cursor.selectionStart());
        m_text->setTextCursor(cursor);
        lookFor();
        walkPlaces(1);
    });
    connect(m_find, &FindBar::walked, this, &LogPane::walkPlaces);
    connect(m_find, &FindBar::closed, this, &LogPane::stopFind);
    const auto walk = [this](int direction) {
        if (m_find->isHidden() || m_find->text().isEmpty())
            startFind();
        else
            walkPlaces(direction);
    };
    connect(new QShortcut(Qt::Key_F3, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut), &QShortcut::activated,
            this, [walk] { walk(1); });
    connect(new QShortcut(Qt::SHIFT | Qt::Key_F3, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut),
            &QShortcut::activated, this, [walk] { walk(-1); });
}

void LogPane::choosePod(const object::ObjectKey &pod)
{
    m_pod = pod;
    m_choices = {};
    const QSignalBlocker quiet(m_previous); // it is asked for anyway
    m_previous->setChecked(false);
}

void LogPane::setResource(const service::AppId &app, const object::ObjectKey &resource,
                          std::vector<service::TreeNode> pods)
{
    const bool isOther = app != m_app || resource != m_resource;
    if (!isOther && pods == m_pods) {
        showState(); // ages count on
        return;
    }
    const auto isOffered = [&] { return m_pod && std::ranges::contains(pods, *m_pod, &service::TreeNode::key); };
    const bool keepsPod = app == m_app && (!isOther || isOffered());
    m_app = app;
    m_resource = resource;
    const bool isGone = m_pod && keepsPod && !isOffered();
    if (isGone) {
        // Its log stays until another one is chosen.
        const auto before = std::ranges::find(m_pods, *m_pod, &service::TreeNode::key);
        if (before != m_pods.end()) {
            pods.push_back(*before);
            pods.back().isLive = false;
        }
    }
    m_pods = std::move(pods);
    if (m_pod && keepsPod) {
        showPods();
        showState();
        return;
    }
    close();
    clearLines();
    m_pod.reset();
    m_choices = {};
    if (const int first = models::firstPod(m_pods); first >= 0)
        choosePod(m_pods[static_cast<std::size_t>(first)].key);
    showPods();
    showContainers();
    ask();
}

void LogPane::ask()
{
    close();
    clearLines();
    m_news = {};
    service::PodLogs *logs = podLogsOf(m_service);
    if (m_pod && !logs)
        m_news = {
            .lines = {}, .state = service::LogState::Failed, .container = {}, .problem = "this program gives no logs"};
    showState();
    if (!m_pod || !logs || !isVisible())
        return;
    service::whenDone(logs->logChoices(m_app, *m_pod), this,
                      [this, asked = ++m_asked](const Expected<service::LogChoices> &choices) {
                          if (asked != m_asked)
                              return;
                          if (!choices) {
                              const bool isGone = choices.error().code() == ErrorCode::NotFound;
                              m_news = {.lines = {},
                                        .state = isGone ? service::LogState::Gone : service::LogState::Failed,
                                        .container = {},
                                        .problem = choices.error().text()};
                              showState();
                              return;
                          }
                          m_choices = *choices;
                          showContainers();
                          if (!m_choices.permission.isAllowed) {
                              m_news = {.lines = {},
                                        .state = service::LogState::Refused,
                                        .container = {},
                                        .problem = m_choices.permission.reason};
                              showState();
                          } else if (isVisible()) {
                              open();
                          }
                      });
}

void LogPane::open()
{
    service::PodLogs *logs = podLogsOf(m_service);
    // While the question is on its way its answer opens the log, with what is chosen then.
    if (!m_pod || !logs || !m_choices.permission.isAllowed)
        return;
    close();
    clearLines();
    m_news = {};
    m_request = {.app = m_app,
                 .pod = *m_pod,
                 .container = models::utf8(m_containerBox->currentData().toString()),
                 .follows = m_follow->isChecked() && !m_previous->isChecked(),
                 .isPrevious = m_previous->isChecked(),
                 .lines = m_tail->checkedAction() ? m_tail->checkedAction()->data().toInt() : kUsualTail};
    m_log = logs->openLog(m_request, [this](const service::LogNews &news) { take(news); });
    if (!isVisible())
        logs->holdLog(m_log);
    showState();
}

void LogPane::close()
{
    ++m_asked;
    if (m_log == 0)
        return;
    if (service::PodLogs *logs = podLogsOf(m_service))
        logs->closeLog(m_log);
    m_log = 0;
}

void LogPane::follow(bool isOn)
{
    service::PodLogs *logs = podLogsOf(m_service);
    if (!logs || m_log == 0 || m_request.isPrevious)
        return;
    if (isOn && !m_request.follows)
        open();
    else if (isOn)
        logs->resumeLog(m_log);
    else
        logs->holdLog(m_log);
    showState();
}

void LogPane::take(const service::LogNews &news)
{
    const bool isOther = news.container != m_news.container;
    m_news = news;
    m_news.lines.clear();
    if (!news.lines.empty())
        append(news.lines);
    if (isOther) {
        const auto known = std::ranges::find(m_choices.containers, news.container.name, &service::LogContainer::name);
        if (known != m_choices.containers.end())
            *known = news.container;
        showContainers();
    }
    showState();
}

void LogPane::clearLines()
{
    m_lines.clear();
    m_text->clear();
    m_places.clear();
    showPlaces();
}

void LogPane::append(const std::vector<service::LogLine> &lines)
{
    const std::size_t before = m_lines.lines().size();
    const std::size_t gone = m_lines.append(lines);
    if (gone >= before) {
        showLines();
        return;
    }
    QScrollBar *down = m_text->verticalScrollBar();
    const bool isAtEnd = down->value() >= down->maximum();
    const QTextBlock top = m_text->cursorForPosition(QPoint(0, 0)).block();
    const int across = m_text->horizontalScrollBar()->value();
    int end = m_text->document()->characterCount() - 1;
    QTextCursor cursor(m_text->document());
    cursor.beginEditBlock();
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(u'\n' + joined(lines, m_times->isChecked() ? models::LogTimes::Shown : models::LogTimes::Hidden));
    if (gone > 0) {
        cursor.movePosition(QTextCursor::Start);
        cursor.movePosition(QTextCursor::NextBlock, QTextCursor::KeepAnchor, static_cast<int>(gone));
        const int removed = cursor.selectionEnd();
        cursor.removeSelectedText();
        std::erase_if(m_places, [removed](int place) { return place < removed; });
        for (int &place : m_places)
            place -= removed;
        end -= removed;
    }
    cursor.endEditBlock();
    lookFor(end);
    down->setValue(isAtEnd ? down->maximum() : (top.isValid() ? top.firstLineNumber() : 0));
    m_text->horizontalScrollBar()->setValue(across);
}

void LogPane::showLines()
{
    m_text->setPlainText(
        joined(m_lines.lines(), m_times->isChecked() ? models::LogTimes::Shown : models::LogTimes::Hidden));
    lookFor();
    m_text->verticalScrollBar()->setValue(m_text->verticalScrollBar()->maximum());
}

void LogPane::showPods()
{
    std::vector<Choice> choices;
    int chosen = -1;
    for (const service::TreeNode &pod : m_pods) {
        if (m_pod == pod.key)
            chosen = static_cast<int>(choices.size());
        choices.push_back(
            {pod.isLive ? models::podChoiceText(pod) : tr("%1 · gone", "a pod").arg(models::text(pod.key.name)),
             models::text(pod.key.ns + '/' + pod.key.name)});
    }
    const QSignalBlocker quiet(m_podBox);
    offer(m_podBox, choices);
    m_podBox->setCurrentIndex(chosen);
    // A pod that is looked at itself is no choice.
    m_podBox->setVisible(m_resource.kind != "Pod");
    m_podBox->setEnabled(!m_pods.empty());
}

void LogPane::showContainers()
{
    const QString chosen = m_containerBox->currentData().toString();
    std::vector<Choice> choices;
    for (const service::LogContainer &container : m_choices.containers)
        choices.push_back({models::logContainerText(container), models::text(container.name)});
    const QSignalBlocker quiet(m_containerBox);
    offer(m_containerBox, choices);
    const int before = m_containerBox->findData(chosen);
    const int usual = m_containerBox->findData(models::text(m_choices.defaultContainer));
    m_containerBox->setCurrentIndex(
        !chosen.isEmpty() && before >= 0 ? before : std::max(usual, m_containerBox->count() > 0 ? 0 : -1));
    m_containerBox->setEnabled(m_containerBox->count() > 0);
}

void LogPane::showState()
{
    // Whether there is one is known for sure only where the pod may be read.
    const bool mayHavePrevious =
        m_news.container.hasPrevious || m_news.container.state == service::LogContainer::State::Unknown;
    m_previous->setEnabled(m_previous->isChecked() || mayHavePrevious);
    m_follow->setEnabled(!m_previous->isChecked());
    if (const QString text = state(); text != m_state->text())
        m_state->setText(text);
}

QString LogPane::state() const
{
    if (!m_pod)
        return tr("There are no pods now. The log of one appears here when it comes.");
    if (m_log != 0 && m_request.follows && !m_follow->isChecked())
        return tr("Not followed. What is written now appears when Follow is switched on.");
    return models::logStateText(m_news, m_request, m_now());
}

void LogPane::startFind()
{
    m_find->start();
    lookFor();
}

void LogPane::stopFind()
{
    const bool hadFocus = m_find->isAncestorOf(QApplication::focusWidget());
    m_find->stop();
    m_places.clear();
    if (hadFocus)
        m_text->setFocus();
}

void LogPane::lookFor(int from)
{
    if (m_find->isHidden())
        return;
    const QString wanted = m_find->text();
    std::erase_if(m_places, [from](int place) { return place >= from; });
    QTextCursor rest(m_text->document());
    rest.setPosition(from);
    rest.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
    const QString text = rest.selectedText();
    for (qsizetype at = 0; !wanted.isEmpty() && (at = text.indexOf(wanted, at, Qt::CaseInsensitive)) >= 0;
         at += wanted.size())
        m_places.push_back(from + static_cast<int>(at));
    showPlaces();
}

void LogPane::showPlaces()
{
    const QTextCursor cursor = m_text->textCursor();
    const auto place = std::ranges::lower_bound(m_places, cursor.selectionStart());
    const bool isThere = place != m_places.end() && *place == cursor.selectionStart()
                         && cursor.selectionEnd() - cursor.selectionStart() == static_cast<int>(m_find->text().size());
    m_find->setCount(isThere ? static_cast<int>(place - m_places.begin()) + 1 : 0, static_cast<int>(m_places.size()));
}

void LogPane::walkPlaces(int direction)
{
    if (!m_places.empty()) {
        // Around the ends.
        QTextCursor cursor = m_text->textCursor();
        const auto next =
            std::ranges::lower_bound(m_places, direction > 0 ? cursor.selectionEnd() : cursor.selectionStart());
        const int place = direction > 0 ? (next == m_places.end() ? m_places.front() : *next)
                                        : (next == m_places.begin() ? m_places.back() : *std::prev(next));
        cursor.setPosition(place);
        cursor.setPosition(place + static_cast<int>(m_find->text().size()), QTextCursor::KeepAnchor);
        m_text->setTextCursor(cursor);
    }
    showPlaces();
}

void LogPane::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !m_find->isHidden())
        stopFind();
    else
        QWidget::keyPressEvent(event);
}

void LogPane::copy()
{
    const QString selected = m_text->textCursor().selectedText().replace(QChar::ParagraphSeparator, u'\n');
    QApplication::clipboard()->setText(selected.isEmpty() ? m_text->toPlainText() : selected);
}

void LogPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    service::PodLogs *logs = podLogsOf(m_service);
    if (m_log == 0 || !logs)
        ask();
    else if (m_request.follows ? m_follow->isChecked() : m_news.state != service::LogState::Ended)
        logs->resumeLog(m_log);
}

void LogPane::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    if (m_log == 0)
        return;
    if (service::PodLogs *logs = podLogsOf(m_service))
        logs->holdLog(m_log);
}

} // namespace tiphys::ui
