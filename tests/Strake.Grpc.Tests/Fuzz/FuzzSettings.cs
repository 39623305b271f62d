using System.Globalization;

namespace Strake.Grpc.Tests.Fuzz;

/// <summary>How much is tried, and from which number on: <c>STRAKE_FUZZ_ROUNDS</c> and <c>STRAKE_FUZZ_SEED</c>, as in the other fuzz tests.</summary>
static class FuzzSettings
{
    public static int Rounds { get; } = Read("STRAKE_FUZZ_ROUNDS", 1_000);

    public static int Seed { get; } = Read("STRAKE_FUZZ_SEED", 11);

    static int Read(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
