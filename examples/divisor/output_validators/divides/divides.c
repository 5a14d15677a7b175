#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
    FILE *input = fopen(argv[1], "r");
    long long n, d;
    char more;
    if (!input || fscanf(input, "%lld", &n) != 1) {
        return 1;
    }
    if (scanf("%lld %c", &d, &more) != 1 || d < 1 || n % d != 0) {
        return 43;
    }
    int proper = argc > 4 && strcmp(argv[4], "proper") == 0;
    return proper && (d == 1 || d == n) ? 43 : 42;
}
