namespace Strake.State.Tests;

/// <summary>The test runner's entry, as xunit would generate it, but for the children of <see cref="ChildProcess"/>.</summary>
static class Program
{
    public static async Task<int> Main(string[] args) => await ChildProcess.PlayAsync()
        ? 0
        : await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
