using Strake.Layers.Tests.Kill;

namespace Strake.Layers.Tests;

/// <summary>The test runner's entry, as xunit would generate it, but for the children of the kill tests.</summary>
static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (!DaemonChild.IsOne) return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        await DaemonChild.LiveAsync();
        return 0;
    }
}
