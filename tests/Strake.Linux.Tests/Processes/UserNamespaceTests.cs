namespace Strake.Linux.Tests;

public sealed class UserNamespaceTests
{
    [Theory]
    [InlineData("         0          0 4294967295\n", true)]
    [InlineData("         0       1000          1\n", false)]
    [InlineData("         0          0      65536\n", false)]
    [InlineData("         0       1000          1\n         1     100000      65536\n", false)]
    [InlineData("", false)]
    public void The_first_namespace_has_all_users_as_themselves(string map, bool isInitial) => Assert.Equal(isInitial, UserNamespace.Covers(map));
}
