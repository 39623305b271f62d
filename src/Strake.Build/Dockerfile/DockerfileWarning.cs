namespace Strake.Build;

/// <summary>Something in a Dockerfile that works and should not be so.</summary>
/// <param name="Rule">The rule's name, one of Docker's build checks: <c>NoEmptyContinuation</c>.</param>
/// <param name="Message">The sentence that clients show.</param>
/// <param name="Lines">Where it stands.</param>
public sealed record DockerfileWarning(string Rule, string Message, SourceLines Lines);
