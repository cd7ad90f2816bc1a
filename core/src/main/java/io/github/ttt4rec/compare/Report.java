package io.github.ttt4rec.compare;
final class Report { Report(Results r) {} String html() { return ""; } }
