#include "cli/scan/live.hpp"

#include "cli/live.hpp"
#include "cli/run.hpp"

namespace gyr {

namespace {

class RuleObserver : public EventObserver {
 public:
  RuleObserver(rules::Detector& detector, const FoundAlert& found)
      : EventObserver(detector.types(), detector.needs_enter()),
        detector_(detector),
        found_(found) {}

  void event(const filter::Moment& moment) override {
    detector_.look(moment,
                   [&](const rules::Alert& alert) { goes_on_ = goes_on_ && found_(alert); });
  }
  bool is_over() const override { return !goes_on_; }

 private:
  rules::Detector& detector_;
  const FoundAlert& found_;
  bool goes_on_ = true;
};

}  // namespace

int scan_live(const Options& capture, rules::Detector& detector, const FoundAlert& found) {
  auto session = Session::open(capture);
  if (!session) {
    report(session.error().message);
    return exit_user_error;
  }
  detector.begin("");
  (*session)->observer = std::make_unique<RuleObserver>(detector, found);
  return (*session)->finish(capture_live(**session));
}

}  // namespace gyr
