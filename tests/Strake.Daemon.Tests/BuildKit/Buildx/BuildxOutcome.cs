namespace Strake.Daemon.Tests.BuildKit.Buildx;

/// <summary>How a run of the client ended.</summary>
sealed record BuildxOutcome(int ExitCode, string Output, string Errors);
