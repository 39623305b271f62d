namespace Strake.Containers.Tests.Engine;

/// <summary>How a run ended and what it wrote.</summary>
sealed record RunResult(string Id, int Code, string Output, string Errors);
