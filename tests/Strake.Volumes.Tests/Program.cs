using Strake.Volumes.Tests.Kill;

namespace Strake.Volumes.Tests;

/// <summary>The test runner's entry, as xunit would generate it, but for the children of the kill tests.</summary>
static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (!VolumeLife.IsOne)
            return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        await VolumeLife.LiveAsync();
        return 0;
    }
}
