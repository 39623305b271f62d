using Strake.Kubernetes.Pods;

namespace Strake.Kubernetes.Tests.Pods;

public sealed class ExpansionTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$(A)", "one")]
    [InlineData("x$(A)y$(B)z", "xoneytwoz")]
    [InlineData("$(MISSING)", "$(MISSING)")]
    [InlineData("$$(A)", "$(A)")]
    [InlineData("$$$(A)", "$one")]
    [InlineData("$(A", "$(A")]
    [InlineData("$A $", "$A $")]
    public void References_become_values_and_nothing_else_changes(string text, string expected)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "one", ["B"] = "two" };
        Assert.Equal(expected, Expansion.Expand(text, variables.GetValueOrDefault));
    }
}
